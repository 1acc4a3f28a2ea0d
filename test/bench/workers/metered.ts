import app from "../../../src/index.ts";
import { Meter } from "./meter.ts";

export { GroupCoordinator } from "../../../src/index.ts";

let meter: Meter | undefined;

/** The Worker, which tells with each answer what the request asked of D1. For one request at a time. */
export default {
  async fetch(request: Request, env: Env, context: ExecutionContext): Promise<Response> {
    meter ??= new Meter(env.DB);
    meter.take();
    const answer = await app.fetch(request, env, context);
    // Streamed answers read while they are sent.
    const body = await answer.arrayBuffer();
    const headers = new Headers(answer.headers);
    headers.set("x-cost", JSON.stringify(meter.take()));
    return new Response(answer.status === 204 || body.byteLength === 0 ? null : body, {
      status: answer.status,
      headers,
    });
  },
};
