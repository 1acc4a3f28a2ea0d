import type { Calls } from "./calls.ts";
import type { HeldLease } from "./held-lease.ts";
import { Refusal } from "./insist.ts";
import { failure, type Outcome } from "./outcome.ts";
import type { Lease } from "./types.ts";

export interface Reported {
  /** The outcome that the API took. It differs from the reader's own outcome when the API refused that. */
  outcome: Outcome;
  next: Lease | undefined;
}

const LEASE_IS_OVER = new Set([
  "LEASE_LOST",
  "OUTCOME_CONFLICT",
  "JOB_NOT_FOUND",
  "GROUP_NOT_FOUND",
  "GROUP_DELETED",
]);

/**
 * Reports an outcome, and repeats the call until it is answered. A result that the API refuses, such as one that is too
 * large, is reported as a failure instead. Otherwise the job would wait for its time-out and be read again in vain.
 * `undefined` when the lease is lost.
 */
export async function report(
  calls: Calls,
  held: HeldLease,
  outcome: Outcome,
  { claimNext, signal }: { claimNext: boolean; signal: AbortSignal },
): Promise<Reported | undefined> {
  const until = AbortSignal.any([signal, held.lost]);
  try {
    return { outcome, next: await send(calls, held.lease, outcome, claimNext, until) };
  } catch (error) {
    if (held.lost.aborted) return undefined;
    if (!(error instanceof Refusal)) throw error;
    if (LEASE_IS_OVER.has(error.code)) {
      held.lose(error.message);
      return undefined;
    }
    const instead = insteadOf(outcome, error);
    if (instead === undefined) throw error;
    return report(calls, held, instead, { claimNext: false, signal });
  }
}

async function send(
  calls: Calls,
  lease: Lease,
  { kind, body }: Outcome,
  claimNext: boolean,
  signal: AbortSignal,
): Promise<Lease | undefined> {
  if (kind === "complete") return calls.complete(lease, { ...body, claimNext }, signal);
  await (kind === "fail" ? calls.fail(lease, body, signal) : calls.release(lease, body, signal));
  return undefined;
}

/**
 * The report to send after a refusal: a failure in place of a result, then a failure without its costs. `undefined` when
 * nothing plainer is left, or the key itself is refused.
 */
function insteadOf({ kind, body }: Outcome, { status, message }: Refusal): Outcome | undefined {
  if (status === 401 || status === 403) return undefined;
  if (kind === "complete") return failure("result_refused", message, false);
  if (kind === "release" || !("pages" in body || "cost" in body || "currency" in body))
    return undefined;
  return failure(body.errorCode, body.error, body.retryable);
}
