import { NO_EXPENSE } from "./ended-attempt.ts";
import { type Group, type GroupInput, isFinished, moveJobs } from "./group.ts";
import { withEnd } from "./history.ts";
import type { Job } from "./job.ts";
import { groupCancelled } from "./notice.ts";
import {
  announce,
  type Decision,
  type LiveState,
  NOT_PAUSED,
  patchGroup,
  refuse,
  withConsequences,
} from "./state.ts";

export const createGroup = (
  id: string,
  workspace: string,
  input: GroupInput,
  now: number,
): Group => ({
  ...input,
  id,
  workspace,
  status: "created",
  totalJobs: 0,
  erasedJobs: 0,
  pendingJobs: 0,
  processingJobs: 0,
  completedJobs: 0,
  failedJobs: 0,
  cancelledJobs: 0,
  firstUnclaimed: 0,
  claimableAt: null,
  leasedJobs: [],
  totalPages: 0,
  totalCostMicros: 0,
  currency: null,
  totalProcessingMs: 0,
  run: 1,
  runStartedAt: null,
  runFinishedJobs: 0,
  runFailedJobs: 0,
  runFinishOffsetsMs: 0,
  runPausedMs: 0,
  recentResults: "",
  pausedAt: null,
  pauseReason: null,
  pausedAtCostMicros: null,
  createdAt: now,
  updatedAt: now,
  startedAt: null,
  completedAt: null,
  estimatedCompletionAt: null,
});

/** Lets processors claim the jobs of the group. Repeating it changes nothing, also after the group has finished. */
export function open(state: LiveState, now: number): Decision<"group"> {
  const { status, totalJobs } = state.group;
  if (status === "cancelled")
    return refuse("GROUP_CANCELLED", "A cancelled group stays cancelled.");
  if (status !== "created") return { ok: true, state, reply: "group" };
  if (totalJobs === 0) return refuse("GROUP_EMPTY", "The group has no jobs. Add some first.");
  const next = withConsequences(patchGroup(state, { status: "queued" }), now);
  return { ok: true, state: next, reply: "group" };
}

/** Begins a new run of a finished group. */
export const reopen = (state: LiveState): LiveState =>
  patchGroup(state, {
    status: "queued",
    completedAt: null,
    estimatedCompletionAt: null,
    run: state.group.run + 1,
    runStartedAt: null,
    runFinishedJobs: 0,
    runFailedJobs: 0,
    runFinishOffsetsMs: 0,
    runPausedMs: 0,
    recentResults: "",
  });

/** Cancels the group and every unfinished job, and voids their leases. It is final. Repeating it changes nothing. */
export function cancel(state: LiveState, now: number): Decision<"group"> {
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

/** The change that a cancellation makes to a loaded job. The store makes the same to the rows that are not loaded. */
function cancelledJob(job: Job, now: number): Job {
  if (job.status !== "queued" && job.status !== "processing") return job;
  const times = { updatedAt: now, completedAt: now, attemptEndsAt: null, availableAt: null };
  if (job.status === "queued") return { ...job, ...times, status: "cancelled" };
  const none = { ...NO_EXPENSE, errorCode: null, error: null };
  const ended = withEnd(job, { ...none, endedAt: now, outcome: "cancelled" });
  return { ...ended, ...times, status: "cancelled", leaseOutcome: "voided" };
}
