import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app-types.ts";

const DRAIN_BYTES = 2 * 1024 * 1024;
const DRAIN_MS = 1_000;

/**
 * Reads and discards the rest of a body that a refusal has left unread, within bounds. A client that is
 * still sending when the connection closes sees a reset instead of the answer.
 */
export const drainBody: MiddlewareHandler<AppEnv> = async function drainBody(c, next) {
  const { body } = c.req.raw;
  await next();
  if (c.res.status >= 400 && body?.locked === false)
    await discard(body.getReader(), DRAIN_BYTES, DRAIN_MS);
};

/** The answer stands, whether the rest arrives, is too much, is too slow or the client hangs up. */
export async function discard(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
  limitMs: number,
): Promise<void> {
  const late = scheduler.wait(limitMs);
  for (let bytes = 0; bytes <= limit;) {
    const read = await Promise.race([reader.read().catch(() => undefined), late]);
    if (read?.value === undefined) break;
    bytes += read.value.length;
  }
  reader.cancel().catch(() => {});
}
