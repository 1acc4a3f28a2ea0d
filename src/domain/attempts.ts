import { backOffMs } from "./back-off.ts";
import { type Expense, NO_EXPENSE } from "./ended-attempt.ts";
import { book } from "./expense.ts";
import { withResult } from "./brakes.ts";
import { runMs } from "./estimate.ts";
import type { Group } from "./group.ts";
import { withEnd } from "./history.ts";
import type { Job, LeaseOutcome } from "./job.ts";
import { leaseEnd } from "./lease.ts";
import { jobFailed } from "./notice.ts";
import {
  announce,
  type LiveState,
  patchGroup,
  patchJob,
  withConsequences,
  type State,
} from "./state.ts";

/** Counts a finished job in the sums of its run. The estimate and the pauses are computed from these sums. */
export function countFinish(
  state: LiveState,
  status: "completed" | "failed",
  now: number,
): LiveState {
  const { group } = state;
  return patchGroup(state, {
    runFinishedJobs: group.runFinishedJobs + 1,
    runFinishOffsetsMs: group.runFinishOffsetsMs + runMs(group, now),
    recentResults: withResult(group.recentResults, status),
  });
}

/** Puts a leased job back in the queue. It may be claimed again from `at` on. */
export function requeue(state: LiveState, job: Job, patch: Partial<Job>, at: number, now: number) {
  const queued = patchJob(state, job, { ...patch, status: "queued", availableAt: at }, now);
  return patchGroup(queued, { claimableAt: Math.min(state.group.claimableAt ?? at, at) });
}

const attemptsLeft = (group: Group, job: Job): boolean => job.attempts < 1 + group.retryCount;

interface Failure extends Expense {
  readonly error: string;
  readonly errorCode: string;
  readonly retryable: boolean;
  /** The wait before a further attempt. `null` leaves it to the back-off. */
  readonly retryAfterSeconds: number | null;
  readonly leaseOutcome: Exclude<LeaseOutcome, "completed">;
  /** The time at which the attempt ended. */
  readonly at: number;
}

/** Ends the attempt of a leased job as failed. The job is queued again if it may be retried, else it is failed. */
export function failAttempt(
  before: LiveState,
  leased: Job,
  failure: Failure,
  now: number,
): LiveState {
  const { error, errorCode, leaseOutcome, at } = failure;
  const { state, job: paid, expense } = book(before, leased, failure);
  const outcome = leaseOutcome === "voided" ? "timed_out" : "failed";
  const job = withEnd(paid, { ...expense, endedAt: at, outcome, errorCode, error });
  const ended = { error, errorCode, leaseOutcome, attemptEndsAt: null };
  if (failure.retryable && attemptsLeft(state.group, job)) {
    return requeue(state, job, ended, at + waitMs(job, failure), now);
  }
  const patch: Partial<Job> = { ...ended, status: "failed", completedAt: now };
  const failed = patchJob(state, job, patch, now);
  const { runFailedJobs } = failed.group;
  const more = patchGroup(failed, { runFailedJobs: runFailedJobs + 1 });
  const counted = countFinish(more, "failed", now);
  return announce(counted, jobFailed(counted.group, { ...job, ...patch }, now));
}

const waitMs = ({ attempts, leaseId }: Job, { retryAfterSeconds }: Failure): number =>
  retryAfterSeconds === null ? backOffMs(attempts, leaseId ?? "") : retryAfterSeconds * 1_000;

/** Fails every attempt whose lease has run out. It runs before each batch, so a late alarm changes no outcome. */
export function expireLeases(state: State, now: number): State {
  if (state.group === null) return state;
  let live: LiveState = { ...state, group: state.group };
  for (const id of state.group.leasedJobs) {
    const job = state.jobs.get(id);
    const end = job === undefined ? null : leaseEnd(state.beats, job);
    if (job === undefined || end === null || end > now) continue;
    live = withConsequences(failAttempt(live, job, timeOut(job, end), now), now);
  }
  return live.group === state.group ? state : live;
}

/** A silent processor is gone, so another may have its job at once. */
function timeOut({ leasedAt, attemptEndsAt, heartbeatSeconds }: Job, at: number): Failure {
  const isSilence = at !== attemptEndsAt;
  return {
    ...NO_EXPENSE,
    error: isSilence
      ? `The attempt timed out: no heartbeat for ${heartbeatSeconds} seconds.`
      : `The attempt timed out after ${minutes(at - (leasedAt ?? 0))}.`,
    errorCode: "timeout",
    retryable: true,
    retryAfterSeconds: isSilence ? 0 : null,
    leaseOutcome: "voided",
    at,
  };
}

const minutes = (ms: number): string => `${Math.round(ms / 60_000)} minutes`;
