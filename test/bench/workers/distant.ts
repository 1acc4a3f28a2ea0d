import type { Distances } from "./distances.ts";
import { aroundRoundTrips } from "./round-trips.ts";
import { objectSeeing, workerSeeing } from "./seen-env.ts";

/** A database, session or statement whose every round trip first waits. */
const far = <T extends object>(d1: T, ms: number): T =>
  aroundRoundTrips(d1, async (ask) => {
    await scheduler.wait(ms);
    return ask();
  });

type Coordinators = Env["GROUP_COORDINATOR"];

/** Objects whose every call first waits. */
const farObjects = (namespace: Coordinators, ms: number) =>
  ({
    getByName: (...args: Parameters<Coordinators["getByName"]>) =>
      new Proxy(namespace.getByName(...args), {
        get:
          (stub, method) =>
          async (...args: unknown[]) => {
            await scheduler.wait(ms);
            return (Reflect.get(stub, method) as (...args: unknown[]) => unknown)(...args);
          },
      }),
  }) as Coordinators;

type FarEnv = Env & Distances;

function seenFromWorker(env: FarEnv): Env {
  const { WORKER_D1_MS = 0, WORKER_OBJECT_MS = 0 } = env;
  const near = { ...env, DB: far(env.DB, WORKER_D1_MS) };
  if (WORKER_OBJECT_MS === 0) return near;
  return { ...near, GROUP_COORDINATOR: farObjects(env.GROUP_COORDINATOR, WORKER_OBJECT_MS) };
}

/** A Worker that is away from the database, from its objects, or from both. */
export const farWorker = (worker: Parameters<typeof workerSeeing<FarEnv>>[0]) =>
  workerSeeing(worker, seenFromWorker);

/** Objects that are away from the database. */
export const farObject = (Near: Parameters<typeof objectSeeing>[0]) =>
  objectSeeing(Near, (env: FarEnv) => ({ ...env, DB: far(env.DB, env.OBJECT_D1_MS ?? 0) }));
