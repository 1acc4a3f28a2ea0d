import type { DurableObject } from "cloudflare:workers";

interface Fetching<E> {
  fetch(request: Request, env: E, context: ExecutionContext): Response | Promise<Response>;
}

/** A Worker that sees its environment through `see`: once for the life of the isolate, because the configuration is parsed once an environment. */
export function workerSeeing<E extends Env>(
  worker: Fetching<Env>,
  see: (env: E) => Env,
): Fetching<E> {
  let seen: Env | undefined;
  return {
    fetch: (request, env, context) => worker.fetch(request, (seen ??= see(env)), context),
  };
}

type Constructor = new (state: DurableObjectState, env: Env) => DurableObject<Env>;

/** Objects that see their environment through `see`. */
export const objectSeeing = <C extends Constructor, E extends Env>(Near: C, see: (env: E) => Env) =>
  class extends (Near as Constructor) {
    constructor(state: DurableObjectState, env: E) {
      super(state, see(env));
    }
  };
