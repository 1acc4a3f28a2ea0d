import type { JobStatus } from "./job.ts";

/** Lowest first: the position is the rank that sorting and claiming across groups use. */
export const PRIORITIES = ["low", "medium", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

export const GROUP_STATUSES = [
  "created",
  "queued",
  "processing",
  "completed",
  "failed",
  "cancelled",
] as const;
export type GroupStatus = (typeof GROUP_STATUSES)[number];

/** Names a group. Its workspace never changes. */
export interface GroupKey {
  readonly workspace: string;
  readonly groupId: string;
}

export const keyOf = ({ workspace, id }: Group): GroupKey => ({ workspace, groupId: id });

/** What a client may set. `metadata` is JSON text, opaque here. */
export interface GroupInput {
  readonly name: string;
  readonly description: string | null;
  readonly batchNumber: string | null;
  readonly template: string;
  readonly priority: Priority;
  readonly parallelJobs: number;
  readonly retryCount: number;
  readonly timeoutMinutes: number;
  readonly onCompletion: boolean;
  readonly onFailure: boolean;
  readonly recipients: string[];
  readonly createdBy: string | null;
  readonly assignedTo: string | null;
  readonly tags: string[];
  readonly metadata: string;
}

export interface Counters {
  readonly totalJobs: number;
  /** Every job that is not finished, those in `processing` included. */
  readonly pendingJobs: number;
  readonly processingJobs: number;
  readonly completedJobs: number;
  readonly failedJobs: number;
  readonly cancelledJobs: number;
}

/** A batch of documents. Times are epoch milliseconds; `null` means not set. */
export interface Group extends GroupInput, Counters {
  readonly id: string;
  readonly workspace: string;
  readonly status: GroupStatus;
  /** Sequence number of the first job never claimed: claims are oldest first, so those form a suffix. */
  readonly firstUnclaimed: number;
  /** Earliest time at which a queued job may be claimed; `null` when none is queued. */
  readonly claimableAt: number | null;
  /** Ids of the jobs in `processing`: what a cold coordinator must load. */
  readonly leasedJobs: string[];
  readonly totalPages: number;
  readonly totalCostMicros: number;
  /** Fixed by the first cost reported. */
  readonly currency: string | null;
  /** Sum over successful attempts. */
  readonly totalProcessingMs: number;
  /** Counts openings of the group: 1, and one more each time a finished group is reopened. */
  readonly run: number;
  readonly runStartedAt: number | null;
  readonly runFinishedJobs: number;
  /** Jobs that failed for good in this run, again after a retry included: the first is announced by e-mail. */
  readonly runFailedJobs: number;
  /** Sum of (finish − run start) over the run's finished jobs: all the estimate needs to remember. */
  readonly runFinishOffsetsMs: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly estimatedCompletionAt: number | null;
}

/** A group as it is stored. Every commit gives it a new revision. */
export interface CommittedGroup extends Group {
  /** A random token: the fence against a second writer, and the ETag. */
  readonly revision: string;
}

export const isFinished = (group: Group): boolean =>
  group.status === "completed" || group.status === "failed";

const CELLS: Record<JobStatus, readonly (keyof Counters)[]> = {
  queued: ["pendingJobs"],
  processing: ["pendingJobs", "processingJobs"],
  completed: ["completedJobs"],
  failed: ["failedJobs"],
  cancelled: ["cancelledJobs"],
};

export const countersOf = (counters: Counters): Counters => ({
  totalJobs: counters.totalJobs,
  completedJobs: counters.completedJobs,
  pendingJobs: counters.pendingJobs,
  failedJobs: counters.failedJobs,
  cancelledJobs: counters.cancelledJobs,
  processingJobs: counters.processingJobs,
});

/**
 * The counters after `count` jobs moved from one state to another (`null`: the jobs are new).
 * The only code that moves a counter, so that none can move without a job changing state.
 */
export function moveJobs(
  counters: Counters,
  from: JobStatus | null,
  to: JobStatus,
  count = 1,
): Counters {
  const moved: { -readonly [K in keyof Counters]: number } = countersOf(counters);
  if (from === null) moved.totalJobs += count;
  for (const cell of from === null ? [] : CELLS[from]) moved[cell] -= count;
  for (const cell of CELLS[to]) moved[cell] += count;
  return moved;
}
