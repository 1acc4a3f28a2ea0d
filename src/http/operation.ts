import type { OpenAPIRoute, RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-types.ts";

/**
 * An operation as a value: its route and its handler. Its middleware knows the operation by its name. The library's `defineOpenAPIRoute` types the handler's
 * context without this app's environment: `c.get("principal")` would not compile.
 */
export const operation = <R extends RouteConfig>(
  route: R,
  handler: OpenAPIRoute<R, AppEnv>["handler"],
) => {
  const nameOperation: MiddlewareHandler<AppEnv> = (c, next) => {
    c.set("operation", route.operationId ?? "");
    return next();
  };
  const middleware = [nameOperation, ...[route.middleware ?? []].flat()];
  return { route: Object.assign(route, { middleware }) as R, handler };
};
