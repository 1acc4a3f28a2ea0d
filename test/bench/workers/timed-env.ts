import { aroundRoundTrips } from "./round-trips.ts";
import { objectSeeing, workerSeeing } from "./seen-env.ts";

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

/** The Worker, which adds up the time that D1 takes, objects included. `/timed` tells, and begins anew. */
export function timedWorker(worker: Parameters<typeof workerSeeing<Env>>[0]): typeof worker {
  const seeing = workerSeeing(worker, timed);
  return {
    fetch(request, env, context) {
      if (new URL(request.url).pathname !== "/timed") return seeing.fetch(request, env, context);
      const data = { ms, roundTrips };
      [ms, roundTrips] = [0, 0];
      return Response.json({ success: true, data });
    },
  };
}

export const timedObject = (Near: Parameters<typeof objectSeeing>[0]) => objectSeeing(Near, timed);
