import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { configOf } from "../config.ts";
import type { AppEnv } from "./app-types.ts";
import type { Principal } from "./auth/principal.ts";

/**
 * Logs one line for each request, as JSON: who called what, and how it ended. The path is that of the route, so a line holds
 * no id, query or key of the caller's. The duration ends with the headers, and the clock stands still
 * while a Worker computes: it tells the time spent waiting for D1 and coordinators.
 */
export const accessLog = (
  operationAt: (method: string, path: string) => string | undefined,
): MiddlewareHandler<AppEnv> =>
  async function logAccess(c, next) {
    const startedAt = Date.now();
    await next();
    if (!configOf(c.env).accessLog) return;
    const [method, path] = [c.req.method === "HEAD" ? "GET" : c.req.method, routePath(c)];
    const principal = c.get("principal") as Principal | undefined;
    const line = {
      log: "access",
      operation: operationAt(method, path) ?? `${method} ${path}`,
      workspace: principal?.workspace,
      keyId: principal?.keyId,
      status: c.res.status,
      durationMs: Date.now() - startedAt,
      requestId: c.get("requestId"),
    };
    console.log(JSON.stringify(line));
  };
