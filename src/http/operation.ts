import type { OpenAPIRoute, RouteConfig } from "@hono/zod-openapi";
import type { AppEnv } from "./app-types.ts";

/**
 * An operation as a value: its route and its handler. The library's `defineOpenAPIRoute` types the handler's
 * context without this app's environment: `c.get("principal")` would not compile.
 */
export const operation = <R extends RouteConfig>(
  route: R,
  handler: OpenAPIRoute<R, AppEnv>["handler"],
) => ({ route, handler });
