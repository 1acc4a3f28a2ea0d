import { LIMITS } from "../../domain/limits.ts";
import { HTTPException } from "hono/http-exception";
import { isTransient } from "../../lib/transient.ts";
import type { App, AppContext } from "../app-types.ts";
import { problemBody } from "./problem-body.ts";
import { type ProblemDetail, ProblemError } from "./problem-error.ts";
import { type ProblemEntry, PROBLEMS } from "./problems.ts";

const MAX_NAMED = 5;

/** Writes a failed answer: RFC 9457 and the contract's error envelope in one. Nothing else writes one. */
export function problemResponse(c: AppContext, error: ProblemError): Response {
  const { status, retryAfterSeconds }: ProblemEntry = PROBLEMS[error.code];
  const body = problemBody(error, new URL(c.req.url).pathname, c.get("requestId"));
  if (status === 401) c.header("WWW-Authenticate", "Bearer");
  if (retryAfterSeconds !== undefined) c.header("Retry-After", String(retryAfterSeconds));
  return c.body(JSON.stringify(body), status, { "Content-Type": "application/problem+json" });
}

export const onError: Parameters<App["onError"]>[0] = (error, c) =>
  problemResponse(c, toProblem(error, c));

function toProblem(error: Error, c: AppContext): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException) {
    if (error.status === 415) return new ProblemError("UNSUPPORTED_MEDIA_TYPE");
    if (error.status === 400) return new ProblemError("MALFORMED_JSON");
  }
  if (isTransient(error)) {
    return new ProblemError("UNAVAILABLE", "The store could not be reached just now. Try again.");
  }
  console.error("request failed", c.get("requestId"), error);
  return new ProblemError("INTERNAL_ERROR", "Something went wrong on our side.");
}

export function invalid(all: readonly ProblemDetail[]): ProblemError {
  const errors = all.slice(0, LIMITS.errorsNamed);
  const named = errors.slice(0, MAX_NAMED).map(sentence);
  const others = all.length - named.length;
  const more = others > 0 ? `; and ${others} more` : "";
  return new ProblemError("VALIDATION_FAILED", `${named.join("; ")}${more}.`, errors);
}

function sentence({ pointer, parameter, detail }: ProblemDetail): string {
  const subject = (parameter ?? pointer) || "The body";
  return `${subject}${/^[a-z]/.test(detail) ? "" : ":"} ${detail.replace(/\.$/, "")}`;
}
