/**
 * The end of one attempt to deliver.
 *
 * - `delivered`: the destination took the message.
 * - `failed`: the destination refused it for now.
 * - `unanswered`: nobody knows whether it arrived. It is sent again, under the same id.
 * - `waiting`: nothing was sent, because the server lacks configuration, or the errors that the message is to name.
 * - `refused`: it cannot be sent, now or later.
 * - `gone`: the receiver wants no message any more.
 */
export type Attempt =
  | { readonly ended: "delivered" }
  | {
      readonly ended: "failed" | "unanswered" | "waiting" | "refused" | "gone";
      readonly why: string;
    };

/** The longest time an attempt may take. The error that clients see names it. */
export const ATTEMPT_TIMEOUT_MS = 15_000;

export const noAnswer = (error: unknown): Attempt => {
  const timedOut = error instanceof Error && error.name === "TimeoutError";
  const why = timedOut ? `no answer within ${ATTEMPT_TIMEOUT_MS / 1000} seconds` : "no answer";
  return { ended: "unanswered", why };
};
