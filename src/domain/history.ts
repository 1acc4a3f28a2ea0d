import { type AttemptEnd, type EndedAttempt, NO_EXPENSE } from "./ended-attempt.ts";
import { type Job, UNSPECIFIED } from "./job.ts";

/** Entries that a job keeps: the newest. */
export const HISTORY_LENGTH = 20;

/** The job with a further entry, which the commit appends to the stored history. */
export const withEnd = (job: Job, end: AttemptEnd): Job => ({
  ...job,
  ended: [...job.ended, entryOf(job, end)],
});

const entryOf = (job: Job, end: AttemptEnd): EndedAttempt => ({
  attempt: job.attempts,
  workerId: job.workerId ?? "",
  leasedAt: job.leasedAt ?? end.endedAt,
  ...end,
});

/**
 * The attempts of a job that have ended, oldest first. While the only one is a completion, no history is stored:
 * the job's own fields tell the same. They also tell the last attempt of a job that finished before histories were
 * kept.
 */
export function historyOf(
  job: Job,
  stored: readonly EndedAttempt[] | null,
): readonly EndedAttempt[] {
  const { status, completedAt: endedAt, pages, costMicros, currency } = job;
  if (stored !== null) return stored;
  if (endedAt === null || (status !== "completed" && status !== "failed")) return [];
  const end = { endedAt, errorCode: errorCodeOf(job), error: job.error };
  if (status === "completed") {
    return [entryOf(job, { pages, costMicros, currency, ...end, outcome: "completed" })];
  }
  const outcome = job.leaseOutcome === "voided" ? "timed_out" : "failed";
  return [entryOf(job, { ...NO_EXPENSE, ...end, outcome })];
}

/** The code of the job's error. Jobs that failed before codes were kept have none stored. */
export const errorCodeOf = ({ error, errorCode }: Job): string | null =>
  error === null ? null : (errorCode ?? UNSPECIFIED);
