import type { CancelJobs } from "./commands.ts";
import { NO_EXPENSE } from "./ended-attempt.ts";
import {
  type Group,
  isBeingCancelled,
  isEnded,
  isFinished,
  moveJobs,
  unclaimedJobs,
} from "./group.ts";
import { withEnd } from "./history.ts";
import { isUnclaimed, isUnfinished, type Job } from "./job.ts";
import { withoutLease } from "./lease.ts";
import { groupCancelled } from "./notice.ts";
import {
  announce,
  type Decision,
  ended,
  type LiveState,
  nextClaimableAt,
  NOT_PAUSED,
  patchGroup,
  refuse,
  withConsequences,
} from "./state.ts";
import {
  ALL_JOBS,
  FIRST_STEP,
  isIn,
  type JobRange,
  SWEPT_AT_ONCE,
  type SweepStep,
} from "./sweep.ts";

/** A cancel of the whole group that is under way comes first, because it ends the group. */
export function cancel(state: LiveState, command: CancelJobs, now: number): Decision<"group"> {
  const { jobIds, step } = command;
  if (jobIds === undefined) return cancelGroup(state, step, now);
  if (isBeingCancelled(state.group)) return cancelGroup(state, undefined, now);
  return cancelChosen(state, jobIds, step, now);
}

/**
 * Cancels the group and every unfinished job, and voids their leases. It is final. Repeating it changes nothing.
 *
 * In steps, the first one cancels the group and all that is leased, so nothing of it can be claimed or reported any more:
 * later steps meet only jobs that wait. The last one announces the end. A group whose steps were broken off tells it
 * by its status and its pending jobs, and a repeat or the alarm goes on.
 */
function cancelGroup(
  state: LiveState,
  step: SweepStep | undefined,
  now: number,
): Decision<"group"> {
  const { group } = state;
  if (group.status === "cancelled" && group.pendingJobs === 0)
    return { ok: true, state, reply: "group" };
  if (isFinished(group)) {
    return refuse("GROUP_FINISHED", `The group is ${group.status}; there is nothing to cancel.`);
  }
  if (step === undefined && !isSmall(group)) {
    return { ok: true, state, reply: "group", rest: restFrom(FIRST_STEP.after) };
  }
  const part = step === undefined ? wholeOf(group) : countedPart(state, step);
  const { range, stored } = part;
  const swept = dropped(state, part, now);
  const sweep = { kind: "cancel", range, jobs: stored } as const;
  // Jobs that are finished may be left to look at.
  if (swept.group.pendingJobs > 0) {
    const next = range.to === null ? {} : { rest: restFrom(range.to) };
    return { ok: true, state: withConsequences(swept, now), reply: "group", sweep, ...next };
  }
  const next = withConsequences(announce(swept, groupCancelled(swept.group, now)), now);
  return { ok: true, state: next, reply: "group", sweep };
}

const restFrom = (after: string): CancelJobs => ({ kind: "cancel", step: { after, done: 0 } });

const isSmall = (group: Group): boolean =>
  group.pendingJobs - group.processingJobs <= SWEPT_AT_ONCE.uncounted &&
  group.totalJobs <= SWEPT_AT_ONCE.scanned;

/** The waiting jobs that one commit cancels. */
interface Part {
  readonly range: JobRange;
  readonly waiting: number;
  readonly unclaimed: number;
  /** The number of those that are not loaded; `null` when they are not counted. */
  readonly stored: number | null;
}

const wholeOf = (group: Group): Part => ({
  range: ALL_JOBS,
  waiting: group.pendingJobs - group.processingJobs,
  unclaimed: unclaimedJobs(group),
  stored: null,
});

function countedPart({ jobs, matched }: LiveState, { after }: SweepStep): Part {
  const range = { after, to: matched.to };
  const loaded = [...jobs.values()].filter((job) => job.status === "queued" && isIn(range, job));
  return {
    range,
    waiting: matched.queued + loaded.length,
    unclaimed: matched.unclaimed + loaded.filter(isUnclaimed).length,
    stored: matched.queued,
  };
}

function dropped(state: LiveState, { range, waiting, unclaimed }: Part, now: number): LiveState {
  const { group } = state;
  const running = moveJobs(group, "processing", "cancelled", group.processingJobs);
  const completedAt = group.completedAt ?? now;
  const jobs = [...state.jobs].map(([id, job]): [string, Job] => [
    id,
    job.status === "processing" || isIn(range, job) ? cancelledJob(job, now, completedAt) : job,
  ]);
  const next = { ...state, beats: new Map(), jobs: new Map(jobs), waiting: new Map() };
  return patchGroup(next, {
    ...moveJobs(running, "queued", "cancelled", waiting),
    cancelledUnclaimed: group.cancelledUnclaimed + unclaimed,
    status: "cancelled",
    completedAt,
    claimableAt: null,
    leasedJobs: [],
    ...NOT_PAUSED,
  });
}

/**
 * Cancels the unfinished ones of these jobs. The group goes on with the others, and ends when none is pending. When
 * all of them are cancelled already, nothing changes. Many are cancelled in steps.
 */
function cancelChosen(
  state: LiveState,
  jobIds: readonly string[],
  step: SweepStep | undefined,
  now: number,
): Decision<"group"> {
  const whole = { kind: "cancel", jobIds } as const;
  if (step === undefined && jobIds.length > SWEPT_AT_ONCE.uncounted) {
    return { ok: true, state, reply: "group", rest: { ...whole, step: FIRST_STEP } };
  }
  const { after, done } = step ?? FIRST_STEP;
  const to = step === undefined ? null : state.matched.to;
  const named = [...new Set(jobIds)].flatMap((id) => state.jobs.get(id) ?? []);
  const open = named.filter((job) => isUnfinished(job) && isIn({ after, to }, job));
  const rest = to !== null && { rest: { ...whole, step: { after: to, done: done + open.length } } };
  if (open.length > 0) {
    const left = without(state, open, now);
    const isOver = left.group.pendingJobs === 0 && !isEnded(left.group);
    const next = isOver ? ended(left, now) : withConsequences(left, now);
    const sweep = { kind: "cancelled", jobIds: open.map(({ id }) => id) } as const;
    return { ok: true, state: next, reply: "group", sweep, ...rest };
  }
  // A last step that finds no job is committed all the same: the answer is stored with it.
  if (done > 0 && !rest) return { ok: true, state: { ...state }, reply: "group" };
  if (rest || named.some(({ status }) => status === "cancelled"))
    return { ok: true, state, reply: "group", ...rest };
  return refuse("NOTHING_TO_CANCEL", "None of these is an unfinished job of the group.");
}

/** All in one step: a patch for each of a thousand jobs would copy the state a thousand times. */
function without(state: LiveState, open: readonly Job[], now: number): LiveState {
  const { group } = state;
  const leased = open.filter(({ status }) => status === "processing");
  const ids = new Set(open.map(({ id }) => id));
  const cancelled = open.map((job): [string, Job] => [job.id, cancelledJob(job, now)]);
  const running = moveJobs(group, "processing", "cancelled", leased.length);
  const left: LiveState = {
    ...state,
    jobs: new Map([...state.jobs, ...cancelled]),
    waiting: new Map([...state.waiting].filter(([id]) => !ids.has(id))),
    beats: leased.reduce((beats, { leaseId }) => withoutLease(beats, leaseId), state.beats),
    group: {
      ...group,
      ...moveJobs(running, "queued", "cancelled", open.length - leased.length),
      leasedJobs: group.leasedJobs.filter((id) => !ids.has(id)),
      cancelledUnclaimed: group.cancelledUnclaimed + open.filter(isUnclaimed).length,
    },
  };
  return patchGroup(left, { claimableAt: nextClaimableAt(left) });
}

/** The change that a cancellation makes to a loaded job. The store makes the same to the rows that are not loaded. */
function cancelledJob(job: Job, now: number, completedAt = now): Job {
  if (!isUnfinished(job)) return job;
  const times = { updatedAt: now, completedAt, attemptEndsAt: null, availableAt: null };
  if (job.status === "queued") return { ...job, ...times, status: "cancelled" };
  const none = { ...NO_EXPENSE, errorCode: null, error: null };
  const ended = withEnd(job, { ...none, endedAt: now, outcome: "cancelled" });
  return { ...ended, ...times, status: "cancelled", leaseOutcome: "voided" };
}
