import type { Group, GroupInput } from "./group.ts";
import { type Decision, type LiveState, patchGroup, refuse, withConsequences } from "./state.ts";

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
  storedDocuments: 0,
  storedBytes: 0,
  pendingJobs: 0,
  processingJobs: 0,
  completedJobs: 0,
  failedJobs: 0,
  cancelledJobs: 0,
  firstUnclaimed: 0,
  cancelledUnclaimed: 0,
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
