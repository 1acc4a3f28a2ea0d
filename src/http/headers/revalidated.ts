import { createMiddleware } from "hono/factory";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import type { AppEnv } from "../app-types.ts";

/** The headers that the middleware of all answers has set by then. A 304 has them too. */
const OF_ALL_ANSWERS = [
  "x-request-id",
  "access-control-allow-origin",
  "access-control-expose-headers",
];

const withEtag = etag({ retainedHeaders: [...RETAINED_304_HEADERS, ...OF_ALL_ANSWERS] });

/** Lets caches keep a text and makes them ask each time, so that a deployment shows at once. */
export const revalidated = createMiddleware<AppEnv>(async (c, next) => {
  c.header("Cache-Control", "public, no-cache");
  return withEtag(c, next);
});
