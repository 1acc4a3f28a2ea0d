import { OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { methodNotAllowed } from "hono/method-not-allowed";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import { configOf } from "./config.ts";
import { accessLog } from "./http/access-log.ts";
import type { App, AppContext, AppEnv } from "./http/app-types.ts";
import { drainBody } from "./http/input/drain-body.ts";
import { onError, problemResponse } from "./http/problems/errors.ts";
import { describeApi } from "./reference/openapi/document.ts";
import type { Document } from "./reference/openapi/operations.ts";
import { serveOpenApi } from "./reference/openapi/serve.ts";
import { serveDashboard } from "./reference/pages/dashboard.ts";
import { serveDocs } from "./reference/pages/docs.ts";
import { serveLanding } from "./reference/pages/landing.ts";
import { answerNotFound } from "./reference/pages/not-found.ts";
import { serveProblemPages } from "./reference/pages/problems.ts";
import { ProblemError } from "./http/problems/problem-error.ts";
import { operationAt, registerOperations } from "./api/operations.ts";
import { validationHook } from "./http/input/validation.ts";

/** The policy of JSON answers: a browser that shows one loads nothing and runs nothing. Pages set their own. */
const NOTHING = { defaultSrc: ["'none'"], frameAncestors: ["'none'"] };

/** Builds the whole API. Middleware runs in the order of this function. */
export function createApp(): App {
  const app: App = new OpenAPIHono<AppEnv>({
    defaultHook: (result, c) => validationHook(app, result, c),
  });
  app.use(requestId());
  app.use(accessLog(operationAt));
  app.use(drainBody);
  app.use(secureHeaders({ contentSecurityPolicy: NOTHING, overwrite: false }));
  app.use(sharedWithOrigins());
  app.use(
    methodNotAllowed({
      app,
      onMethodNotAllowed: (c, methods) => {
        c.header("Allow", methods.join(", "));
        const detail = `${c.req.method} is not allowed here.`;
        return problemResponse(c, new ProblemError("METHOD_NOT_ALLOWED", detail));
      },
    }),
  );
  registerOperations(app);
  serveLanding(app);
  let described: Document | undefined;
  const describe = () => (described ??= describeApi(app));
  serveOpenApi(app, describe);
  serveDocs(app);
  serveDashboard(app);
  serveProblemPages(app, describe);
  app.get("/health", (c) => c.json({ success: true, status: "ok" }));
  app.notFound(answerNotFound);
  app.onError(onError);
  return app;
}

/** The CORS headers, for a browser's requests from another origin. Others are spared the work. */
function sharedWithOrigins(): MiddlewareHandler<AppEnv> {
  const share = cors({
    origin: (origin, c: AppContext) => {
      const { corsOrigins } = configOf(c.env);
      return corsOrigins.includes("*") || corsOrigins.includes(origin) ? origin : null;
    },
    allowMethods: ["GET", "HEAD", "POST", "PUT", "DELETE"],
    exposeHeaders: [
      "Content-Disposition",
      "Content-Range",
      "ETag",
      "Location",
      "Retry-After",
      "x-request-id",
      "x-d1-bookmark",
      "idempotent-replayed",
    ],
    maxAge: 86_400,
  });
  return async function shareWithOrigins(c, next) {
    if (c.req.header("origin") !== undefined || c.req.method === "OPTIONS") return share(c, next);
    await next();
    c.res.headers.append("Vary", "Origin");
  };
}
