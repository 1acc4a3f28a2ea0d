import { failAttempt, requeue } from "./attempts.ts";
import type { ReleaseJob } from "./commands.ts";
import { NO_EXPENSE } from "./ended-attempt.ts";
import { withEnd } from "./history.ts";
import type { Job } from "./job.ts";
import { LIMITS } from "./limits.ts";
import type { LiveState } from "./state.ts";

/**
 * Puts a leased job back in the queue, after the wait that was asked for. The attempt is not counted, except with
 * every hundredth release of the job: that fails its attempt, so that no job is deferred for ever. A lease that
 * nobody has seen leaves no trace in the job.
 */
export function release(
  state: LiveState,
  job: Job,
  { reason, retryAfterSeconds, unseen }: ReleaseJob,
  now: number,
): LiveState {
  const uncounted = { attempts: job.attempts - 1, attemptEndsAt: null };
  if (unseen) return requeue(state, job, { ...uncounted, leaseOutcome: "voided" }, 0, now);
  const deferrals = job.deferrals + 1;
  const deferred = { ...job, deferrals };
  if (deferrals % LIMITS.deferralsPerAttempt === 0) {
    const failure = {
      ...NO_EXPENSE,
      error: reason ?? `The job was released ${deferrals} times.`,
      errorCode: "deferred_too_often",
      retryable: true,
      retryAfterSeconds: retryAfterSeconds === 0 ? null : retryAfterSeconds,
      // The lease reported a release, so its repeat is a duplicate.
      leaseOutcome: "released",
      at: now,
    } as const;
    return failAttempt(state, deferred, failure, now);
  }
  const end = { ...NO_EXPENSE, endedAt: now, errorCode: null, error: reason };
  const patch = { ...uncounted, leaseOutcome: "released" } as const;
  const at = retryAfterSeconds === 0 ? 0 : now + retryAfterSeconds * 1_000;
  return requeue(state, withEnd(deferred, { ...end, outcome: "released" }), patch, at, now);
}
