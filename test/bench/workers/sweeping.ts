import app from "../../../src/index.ts";
import { Meter } from "./meter.ts";

export { GroupCoordinator } from "../../../src/index.ts";

let meter: Meter | undefined;

/** The Worker, which is asked at `/cost` what D1 has done since the last time, and whether it is still removing. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    meter ??= new Meter(env.DB);
    if (new URL(request.url).pathname !== "/cost") return app.fetch(request, env, context);
    const cost = meter.take();
    const { results } = await env.DB.prepare("SELECT 1 FROM group_removal").run();
    meter.take();
    return Response.json({ ...cost, isRemoving: results.length > 0 });
  },
};
