import type {
  CompleteJob,
  FailJob,
  NewJob,
  ReleaseJob,
  Retry,
} from "../../../src/domain/commands.ts";
import type { Lease } from "../../../src/domain/replies.ts";
import { NO_EXPENSE } from "../../../src/domain/ended-attempt.ts";
import type { Group, GroupInput } from "../../../src/domain/group.ts";

export const MINUTE = 60_000;
export const START = Date.UTC(2026, 0, 1);
export const GROUP_ID = "a".repeat(24);

export const SETTINGS: GroupInput = {
  name: "March invoices",
  description: null,
  batchNumber: null,
  template: "invoice-v2",
  priority: "medium",
  parallelJobs: 3,
  retryCount: 2,
  timeoutMinutes: 30,
  maxFailureRate: null,
  maxCostMicros: null,
  retentionDays: null,
  onCompletion: true,
  onFailure: true,
  recipients: ["ap@example.com"],
  createdBy: null,
  assignedTo: null,
  tags: [],
  metadata: "{}",
};

export const DOCUMENT: NewJob = {
  documentName: "scan.pdf",
  documentUrl: null,
  documentType: "pdf",
  jobNumber: null,
  metadata: null,
};

/** A retry of every failed job. */
export const RETRY: Retry = { kind: "retry", choice: null, dryRun: false };

type Reported = Pick<Lease, "jobId" | "leaseId">;

const NOTHING = { ...NO_EXPENSE, confidence: null, extractedData: null };

export const complete = (
  { jobId, leaseId }: Reported,
  result: Partial<CompleteJob> = {},
): CompleteJob => ({ ...NOTHING, ...result, kind: "complete", jobId, leaseId });

export const fail = (
  { jobId, leaseId }: Reported,
  retryable = true,
  more: Partial<FailJob> = {},
): FailJob => ({
  ...NO_EXPENSE,
  error: "unreadable",
  errorCode: "unspecified",
  retryAfterSeconds: null,
  retryable,
  ...more,
  kind: "fail",
  jobId,
  leaseId,
});

export const release = (
  { jobId, leaseId }: Reported,
  retryAfterSeconds = 0,
  reason: string | null = null,
): ReleaseJob => ({ kind: "release", jobId, leaseId, retryAfterSeconds, reason });

export const countersOf = ({ group }: { group: Group }) => ({
  total: group.totalJobs,
  pending: group.pendingJobs,
  processing: group.processingJobs,
  completed: group.completedJobs,
  failed: group.failedJobs,
  cancelled: group.cancelledJobs,
});
