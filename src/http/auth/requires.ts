import type { MiddlewareHandler } from "hono";
import type { Scope } from "../../domain/api-key.ts";
import type { AppEnv } from "../app-types.ts";
import { answerBookmark } from "../headers/bookmark.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { assertReadableQuery } from "../input/query.ts";
import { authenticate } from "./authenticate.ts";
import { countCall } from "./rate-limit.ts";

/**
 * What every route spreads into itself: the one scope it asks for, shown in the spec and enforced before
 * anything of the request is read, and the middleware that comes after.
 */
export const requires = (scope: Scope, ...middleware: MiddlewareHandler<AppEnv>[]) => ({
  security: [{ apiKey: [scope] }, { bearer: [scope] }],
  middleware: [admit(scope), answerBookmark, assertReadableQuery, ...middleware],
});

/** 401 before 429 before 403, and all before any other fault of the request. */
function admit(scope: Scope): MiddlewareHandler<AppEnv> {
  return async function admitCaller(c, next) {
    // Caches between know nothing of `api-key`: what one key is told is not another's.
    c.header("Cache-Control", "private, no-cache");
    const principal = await authenticate(c);
    await countCall(c, `key:${principal.keyId}`);
    if (!principal.scopes.includes(scope)) {
      const detail = `The key has no scope ${scope}; it has ${principal.scopes.join(", ")}.`;
      throw new ProblemError("INSUFFICIENT_SCOPE", detail);
    }
    c.set("principal", principal);
    await next();
  };
}
