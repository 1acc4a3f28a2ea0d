import type { JobStatus } from "./job.ts";

/** Lowest first. Sorting and claiming across groups go by the position in this list. */
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

/** The fields that a client may set. `metadata` is JSON text, opaque here. */
export interface GroupInput {
  readonly name: string;
  readonly description: string | null;
  readonly batchNumber: string | null;
  readonly template: string;
  readonly priority: Priority;
  readonly parallelJobs: number;
  readonly retryCount: number;
  readonly timeoutMinutes: number;
  /** The share of failures above which the group pauses by itself, above 0 and at most 1. */
  readonly maxFailureRate: number | null;
  /** The cost at which the group pauses by itself. */
  readonly maxCostMicros: number | null;
  /** Days after its end for which the group is kept; `null`: for ever. */
  readonly retentionDays: number | null;
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
  /** Jobs that are not finished, those in `processing` included. */
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
  /** Sequence number of the first job never claimed. No job after it was claimed, because claims go by age. */
  readonly firstUnclaimed: number;
  /** The cancelled ones among the jobs from `firstUnclaimed` on. All others of them are queued. */
  readonly cancelledUnclaimed: number;
  /** Jobs deleted one by one. Their sequence numbers are not used again. */
  readonly erasedJobs: number;
  /** Jobs whose document is stored here. */
  readonly storedDocuments: number;
  /** The bytes of all of them. */
  readonly storedBytes: number;
  /** The earliest time at which a queued job may be claimed, 0 for at once. `null` when no job is queued. */
  readonly claimableAt: number | null;
  /** Ids of the jobs in `processing`. A coordinator without a cache loads these jobs. */
  readonly leasedJobs: string[];
  readonly totalPages: number;
  readonly totalCostMicros: number;
  /** The currency of the first cost that was reported. Later reports must not name another. */
  readonly currency: string | null;
  /** Sum of `processingMs` over the completed jobs. */
  readonly totalProcessingMs: number;
  /** 1 at first, and one more each time the finished group is reopened. */
  readonly run: number;
  readonly runStartedAt: number | null;
  readonly runFinishedJobs: number;
  /** Failures for good in this run. A job that fails again after a retry counts twice. The first is e-mailed. */
  readonly runFailedJobs: number;
  /** Sum of (finish − run start − pauses) over the run's finished jobs, for the estimate. */
  readonly runFinishOffsetsMs: number;
  /** Time of this run that the group was paused, without a pause that still lasts. */
  readonly runPausedMs: number;
  /** The results of the jobs that finished last, since the run began or was resumed: see `withResult`. */
  readonly recentResults: string;
  readonly pausedAt: number | null;
  readonly pauseReason: string | null;
  /** The `maxCostMicros` that has paused the group. It does so only once. */
  readonly pausedAtCostMicros: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The first claim ever. A reopened group keeps it; `runStartedAt` is the first claim of the present run. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly estimatedCompletionAt: number | null;
}

/** A group as it is stored. Every commit but one of beats alone gives it a new revision. */
export interface CommittedGroup extends Group {
  /** A random token: the fence against a second writer, and the ETag. */
  readonly revision: string;
}

/** Completed or failed. `isEnded` adds cancelled. */
export const isFinished = (group: Group): boolean =>
  group.status === "completed" || group.status === "failed";

/** Its counters change only when a job is deleted, or when new jobs or a retry reopen it. */
export const isEnded = (group: Group): boolean => isFinished(group) || group.status === "cancelled";

/** Cancelled, while some of its jobs are still to be: a large cancel goes in steps. */
export const isBeingCancelled = ({ status, pendingJobs }: Group): boolean =>
  status === "cancelled" && pendingJobs > 0;

/** Processors may claim jobs of the group, unless it is paused. */
export const isOpen = (group: Group): boolean =>
  group.status === "queued" || group.status === "processing";

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

/** The number of jobs that the group has ever had: the sequence number of the next one. */
export const sequenceEnd = ({ totalJobs, erasedJobs }: Group): number => totalJobs + erasedJobs;

/** The number of queued jobs that were never claimed. */
export const unclaimedJobs = (group: Group): number =>
  sequenceEnd(group) - group.firstUnclaimed - group.cancelledUnclaimed;

/** The status of a group that has no pending job. */
export function endStatus({ completedJobs, failedJobs }: Counters) {
  if (completedJobs > 0) return "completed";
  return failedJobs > 0 ? "failed" : "cancelled";
}

/**
 * The counters after `count` jobs have moved from one status to another. `from` is `null` for new jobs, `to` for
 * jobs that are deleted.
 * No other code moves a counter, so no counter moves without a job that changes its status.
 */
export function moveJobs(
  counters: Counters,
  from: JobStatus | null,
  to: JobStatus | null,
  count = 1,
): Counters {
  const moved: { -readonly [K in keyof Counters]: number } = countersOf(counters);
  if (from === null) moved.totalJobs += count;
  if (to === null) moved.totalJobs -= count;
  for (const cell of from === null ? [] : CELLS[from]) moved[cell] -= count;
  for (const cell of to === null ? [] : CELLS[to]) moved[cell] += count;
  return moved;
}
