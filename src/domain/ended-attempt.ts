export const ATTEMPT_OUTCOMES = [
  "completed",
  "failed",
  "timed_out",
  "released",
  "cancelled",
] as const;

/** The pages and the cost that a report names. */
export interface Expense {
  readonly pages: number | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
}

export const NO_EXPENSE: Expense = { pages: null, costMicros: null, currency: null };

/** The end of an attempt. Its cost is this attempt's alone. */
export interface AttemptEnd extends Expense {
  readonly endedAt: number;
  readonly outcome: (typeof ATTEMPT_OUTCOMES)[number];
  readonly errorCode: string | null;
  readonly error: string | null;
}

/** One entry of a job's history. Times are epoch milliseconds; `null` means not set. */
export interface EndedAttempt extends AttemptEnd {
  /** The number that the lease showed. After a release the next attempt has the same; a retry begins at 1 again. */
  readonly attempt: number;
  readonly workerId: string;
  readonly leasedAt: number;
}
