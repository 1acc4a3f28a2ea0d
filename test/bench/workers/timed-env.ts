import type { DurableObject } from "cloudflare:workers";
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

interface Fetching {
  fetch(request: Request, env: Env, context: ExecutionContext): Response | Promise<Response>;
}

/** The Worker, which adds up the time that D1 takes, objects included. `/timed` tells, and begins anew. */
export function timedWorker(worker: Fetching): Fetching {
  // One for the life of the isolate: the configuration is parsed once an environment.
  let seen: Env | undefined;
  return {
    fetch(request, env, context) {
      if (new URL(request.url).pathname !== "/timed")
        return worker.fetch(request, (seen ??= timed(env)), context);
      const data = { ms, roundTrips };
      [ms, roundTrips] = [0, 0];
      return Response.json({ success: true, data });
    },
  };
}

type Constructor = new (state: DurableObjectState, env: Env) => DurableObject<Env>;

export const timedObject = <C extends Constructor>(Object: C) =>
  class extends (Object as Constructor) {
    constructor(state: DurableObjectState, env: Env) {
      super(state, timed(env));
    }
  };
