import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "../app-types.ts";
import { maxBody } from "./limits.ts";

/**
 * Reads a body that may be left out, with the bounds of `maxBody`. An empty body counts as none, because many
 * clients name a content type with every POST.
 */
export function optionalBody(): MiddlewareHandler<AppEnv> {
  const bounded = maxBody();
  return function readOptionalBody(c, next) {
    return bounded(c, async () => {
      const isEmpty = (await c.req.text()) === "";
      if (isEmpty && c.req.header("Content-Type") !== undefined) {
        const headers = new Headers(c.req.raw.headers);
        headers.delete("Content-Type");
        c.req.raw = new Request(c.req.raw.url, { method: c.req.method, headers });
      }
      await next();
    });
  };
}
