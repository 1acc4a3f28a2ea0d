/** The message with which a database refuses to write a workspace that is moving to another one: see `store/write/stops.ts`. */
export const MOVING = "workspace is moving";

const TRANSIENT =
  /network connection lost|overloaded|object to be reset|code was updated|timed? ?out|internal error|memory limit|SQLITE_BUSY|database is locked|workspace is moving/i;

/** `true` when D1 or a Durable Object failed temporarily: the same request may succeed soon. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const marks = error as {
    retryable?: boolean;
    overloaded?: boolean;
    durableObjectReset?: boolean;
  };
  if (marks.retryable || marks.overloaded || marks.durableObjectReset) return true;
  return TRANSIENT.test(error.message) || isTransient(error.cause);
}
