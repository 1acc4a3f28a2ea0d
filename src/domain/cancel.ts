import type { CancelJobs } from "./commands.ts";
import { NO_EXPENSE } from "./ended-attempt.ts";
import { isEnded, isFinished, moveJobs, unclaimedJobs } from "./group.ts";
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

export const cancel = (state: LiveState, { jobIds }: CancelJobs, now: number): Decision<"group"> =>
  jobIds === undefined ? cancelGroup(state, now) : cancelChosen(state, new Set(jobIds), now);

/** Cancels the group and every unfinished job, and voids their leases. It is final. Repeating it changes nothing. */
function cancelGroup(state: LiveState, now: number): Decision<"group"> {
  const { group } = state;
  if (group.status === "cancelled") return { ok: true, state, reply: "group" };
  if (isFinished(group)) {
    return refuse("GROUP_FINISHED", `The group is ${group.status}; there is nothing to cancel.`);
  }
  const waiting = group.pendingJobs - group.processingJobs;
  const counters = moveJobs(
    moveJobs(group, "processing", "cancelled", group.processingJobs),
    "queued",
    "cancelled",
    waiting,
  );
  const cancelled = patchGroup(
    { ...state, beats: new Map() },
    {
      ...counters,
      cancelledUnclaimed: group.cancelledUnclaimed + unclaimedJobs(group),
      status: "cancelled",
      completedAt: now,
      claimableAt: null,
      leasedJobs: [],
      ...NOT_PAUSED,
    },
  );
  const jobs = [...state.jobs].map(([id, job]): [string, Job] => [id, cancelledJob(job, now)]);
  const swept = { ...cancelled, jobs: new Map(jobs), waiting: new Map() };
  const next = withConsequences(announce(swept, groupCancelled(cancelled.group, now)), now);
  return { ok: true, state: next, reply: "group", sweep: { kind: "cancel" } };
}

/**
 * Cancels the unfinished ones of these jobs. The group goes on with the others, and ends when none is pending. When
 * all of them are cancelled already, nothing changes.
 */
function cancelChosen(
  state: LiveState,
  jobIds: ReadonlySet<string>,
  now: number,
): Decision<"group"> {
  const named = [...jobIds].flatMap((id) => state.jobs.get(id) ?? []);
  const open = named.filter(isUnfinished);
  if (open.length > 0) {
    const left = without(state, open, now);
    const isOver = left.group.pendingJobs === 0 && !isEnded(left.group);
    const next = isOver ? ended(left, now) : withConsequences(left, now);
    const sweep = { kind: "cancelled", jobIds: open.map(({ id }) => id) } as const;
    return { ok: true, state: next, reply: "group", sweep };
  }
  if (named.some(({ status }) => status === "cancelled"))
    return { ok: true, state, reply: "group" };
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
function cancelledJob(job: Job, now: number): Job {
  if (!isUnfinished(job)) return job;
  const times = { updatedAt: now, completedAt: now, attemptEndsAt: null, availableAt: null };
  if (job.status === "queued") return { ...job, ...times, status: "cancelled" };
  const none = { ...NO_EXPENSE, errorCode: null, error: null };
  const ended = withEnd(job, { ...none, endedAt: now, outcome: "cancelled" });
  return { ...ended, ...times, status: "cancelled", leaseOutcome: "voided" };
}
