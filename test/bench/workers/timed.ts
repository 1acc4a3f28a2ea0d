import worker, { GroupCoordinator as Near } from "../../../src/index.ts";
import { aroundRoundTrips } from "./round-trips.ts";

let ms = 0;
let roundTrips = 0;

const timed = (env: Env): Env => ({
  ...env,
  DB: aroundRoundTrips(env.DB, async (ask) => {
    const startedAt = performance.now();
    const answer = await ask();
    ms += performance.now() - startedAt;
    roundTrips++;
    return answer;
  }),
});

/** One for the life of the isolate: the configuration is parsed once an environment. */
let seen: Env | undefined;

/** The Worker, which adds up the time that D1 takes, objects included. `/timed` tells, and begins anew. */
export default {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response> {
    if (new URL(request.url).pathname !== "/timed")
      return worker.fetch(request, (seen ??= timed(env)), context);
    const data = { ms, roundTrips };
    ms = 0;
    roundTrips = 0;
    return Response.json({ success: true, data });
  },
};

export class GroupCoordinator extends Near {
  constructor(state: DurableObjectState, env: Env) {
    super(state, timed(env));
  }
}
