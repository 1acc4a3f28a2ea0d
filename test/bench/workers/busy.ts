import app from "../../../src/index.ts";
import { Meter } from "./meter.ts";

export { GroupCoordinator } from "../../../src/index.ts";

type Limits = Readonly<Record<string, { simple: { limit: number; period: number } }>>;

let meter: Meter | undefined;
/** One for the life of the isolate: the configuration is parsed once an environment. */
let limited: Env | undefined;

/**
 * The Worker, which adds up what its isolate, objects included, asks of D1. `/busy` tells, and begins anew. It has the rate
 * limits of a deployment, counted in memory as there: Miniflare counts in an object, which commits each call.
 */
export default {
  fetch(
    request: Request,
    env: Env & { LIMITS: string },
    context: ExecutionContext,
  ): Response | Promise<Response> {
    meter ??= new Meter(env.DB);
    limited ??= { ...env, ...limiters(JSON.parse(env.LIMITS) as Limits) };
    if (new URL(request.url).pathname !== "/busy") return app.fetch(request, limited, context);
    return Response.json({ success: true, data: meter.take() });
  },
};

const limiters = (limits: Limits): Record<string, RateLimit> =>
  Object.fromEntries(Object.entries(limits).map(([name, { simple }]) => [name, limiter(simple)]));

function limiter({ limit, period }: Limits[string]["simple"]): RateLimit {
  const counts = new Map<string, number>();
  let window = 0;
  return {
    limit({ key, delta = 1 }: RateLimitOptions) {
      const now = Math.floor(Date.now() / (period * 1_000));
      if (now !== window) counts.clear();
      window = now;
      const before = counts.get(key) ?? 0;
      if (before < limit) counts.set(key, before + delta);
      return Promise.resolve({ success: before < limit });
    },
  };
}
