/**
 * How one attempt to deliver ended.
 *
 * - `failed`: the destination did not take it.
 * - `unanswered`: nobody knows whether it did; it is sent again, under the same id.
 * - `waiting`: nothing was sent, for want of configuration.
 * - `refused`: it will never be taken.
 * - `gone`: so it is, and the destination wants nothing any more.
 */
export type Attempt =
  | { readonly ended: "delivered" }
  | {
      readonly ended: "failed" | "unanswered" | "waiting" | "refused" | "gone";
      readonly why: string;
    };

/** Both the longest an attempt may take, and what a receiver is told. */
export const ATTEMPT_TIMEOUT_MS = 15_000;

export const noAnswer = (error: unknown): Attempt => {
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const why = timedOut ? `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} seconds` : "no answer";
  return { ended: "unanswered", why };
};
