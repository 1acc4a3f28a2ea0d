import type { MiddlewareHandler } from "hono";
import type { Scope } from "../../domain/api-key.ts";
import type { AppContext, AppEnv } from "../app-types.ts";
import { answerBookmark } from "../headers/bookmark.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { assertReadableQuery } from "../input/query.ts";
import { authenticate } from "./authenticate.ts";
import { letIn } from "../turns.ts";
import { countCall } from "./rate-limit.ts";

/**
 * The part of a route that admits callers; every route spreads it. It shows the scope in the spec, enforces
 * it before anything else of the request is read, and then runs the given middleware.
 */
export const requires = (scope: Scope, ...middleware: MiddlewareHandler<AppEnv>[]) => ({
  security: [{ apiKey: [scope] }, { bearer: [scope] }],
  middleware: [admit([scope]), answerBookmark, assertReadableQuery, ...middleware],
});

/** Admits every valid key, whatever its scopes. */
export const requiresAnyKey = () => ({
  security: [{ apiKey: [] }, { bearer: [] }],
  middleware: [admit(), answerBookmark, assertReadableQuery],
});

/**
 * Admits keys with one of the scopes, and callers whom `knowsOtherwise` knows. The route's description has to name both: the
 * document has no place for either.
 */
export const requiresOneOf = (
  scopes: readonly Scope[],
  knowsOtherwise: (c: AppContext) => Promise<boolean>,
  ...middleware: MiddlewareHandler<AppEnv>[]
) => ({
  security: [{ apiKey: [] }, { bearer: [] }],
  middleware: [admit(scopes, knowsOtherwise), answerBookmark, assertReadableQuery, ...middleware],
});

/** Admits everybody, without a key. */
export const requiresNoKey = () => ({ security: [], middleware: [assertReadableQuery] });

/** Refuses with 401 before 429 before 403, and with these before any other fault of the request. */
function admit(
  scopes: readonly Scope[] = [],
  knowsOtherwise?: (c: AppContext) => Promise<boolean>,
): MiddlewareHandler<AppEnv> {
  return async function admitCaller(c, next) {
    // Shared caches do not know the `api-key` header and would give one caller's answer to another.
    c.header("Cache-Control", "private, no-cache");
    if (await knowsOtherwise?.(c)) return next();
    const principal = await authenticate(c);
    c.set("principal", principal);
    await letIn(c, async () => {
      await countCall(c, principal);
      if (scopes.length > 0 && !scopes.some((scope) => principal.scopes.includes(scope))) {
        const detail = `The key has no scope ${scopes.join(" or ")}; it has ${principal.scopes.join(", ")}.`;
        throw new ProblemError("INSUFFICIENT_SCOPE", detail);
      }
      await next();
    });
  };
}
