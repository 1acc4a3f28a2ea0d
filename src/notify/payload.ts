import type { Group, GroupStatus } from "../domain/group.ts";
import type { Job } from "../domain/job.ts";
import { fromMicros } from "../domain/money.ts";
import { type Outcome, outcomeOf } from "../domain/outcome.ts";
import type { Notice, NoticeEvent } from "../domain/notice.ts";
import type { OutgoingNotice } from "../store/write/insert-deliveries.ts";

/** The JSON message about an event, with the group in brief as it was then. The API documents the same type. */
export type Payload = GroupPayload | JobPayload | CompletedJobPayload;

export interface GroupPayload {
  type: Exclude<NoticeEvent, "job.completed" | "job.failed">;
  timestamp: string;
  data: GroupInBrief;
}

export interface JobPayload {
  type: "job.failed";
  timestamp: string;
  data: GroupWithJob<FailedJob>;
}

export interface CompletedJobPayload {
  type: "job.completed";
  timestamp: string;
  data: GroupWithJob<CompletedJob>;
}

interface GroupInBrief {
  groupId: string;
  name: string;
  batchNumber?: string | undefined;
  run: number;
  status: GroupStatus;
  outcome?: Outcome | undefined;
  totalJobs: number;
  completedJobs: number;
  pendingJobs: number;
  processingJobs: number;
  failedJobs: number;
  cancelledJobs: number;
  totalPages: number;
  totalCost: number;
  currency: string;
  startedAt?: string | undefined;
  completedAt?: string | undefined;
  pausedAt?: string | undefined;
  pauseReason?: string | undefined;
}

interface GroupWithJob<Job> extends GroupInBrief {
  job: Job;
}

interface JobInBrief {
  jobId: string;
  jobNumber?: string | undefined;
  documentName: string;
  attempts: number;
}

interface FailedJob extends JobInBrief {
  error: string;
  errorCode?: string | undefined;
}

interface CompletedJob extends JobInBrief {
  pages?: number | undefined;
  cost?: number | undefined;
  confidence?: number | undefined;
  processingTime: number;
}

export function payloadOf({ event, at, group, job }: Notice): Payload {
  const timestamp = new Date(at).toISOString();
  const data = groupInBrief(group);
  if (event === "job.failed") {
    return { type: event, timestamp, data: { ...data, job: failedJob(job) } };
  }
  if (event === "job.completed") {
    return { type: event, timestamp, data: { ...data, job: completedJob(job) } };
  }
  return { type: event, timestamp, data };
}

const groupInBrief = (group: Group): GroupInBrief => ({
  groupId: group.id,
  name: group.name,
  batchNumber: group.batchNumber ?? undefined,
  run: group.run,
  status: group.status,
  outcome: outcomeOf(group) ?? undefined,
  totalJobs: group.totalJobs,
  completedJobs: group.completedJobs,
  pendingJobs: group.pendingJobs,
  processingJobs: group.processingJobs,
  failedJobs: group.failedJobs,
  cancelledJobs: group.cancelledJobs,
  totalPages: group.totalPages,
  totalCost: fromMicros(group.totalCostMicros),
  currency: group.currency ?? "USD",
  startedAt: timeOf(group.runStartedAt),
  completedAt: timeOf(group.completedAt),
  pausedAt: timeOf(group.pausedAt),
  pauseReason: group.pauseReason ?? undefined,
});

const jobInBrief = (job: Job): JobInBrief => ({
  jobId: job.id,
  jobNumber: job.jobNumber ?? undefined,
  documentName: job.documentName,
  attempts: job.attempts,
});

const failedJob = (job: Job): FailedJob => ({
  ...jobInBrief(job),
  error: job.error ?? "",
  errorCode: job.errorCode ?? undefined,
});

/** Without the extracted data, which may be large: getJob shows it. */
const completedJob = (job: Job): CompletedJob => ({
  ...jobInBrief(job),
  pages: job.pages ?? undefined,
  cost: job.costMicros === null ? undefined : fromMicros(job.costMicros),
  confidence: job.confidence ?? undefined,
  processingTime: (job.processingMs ?? 0) / 1_000,
});

const timeOf = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());

/**
 * The notice in the form in which the outbox stores it. A job may finish again after a retry, so the
 * key of its notice holds the lease, too. A run may pause more than once, so the key of a pause holds its time.
 */
export function outgoing(notice: Notice): OutgoingNotice {
  const { event, at, group, job, recipients } = notice;
  const ofRun = `${String(group.run).padStart(4, "0")}.${event}`;
  const key = event === "job_group.paused" ? `${ofRun}.${at}` : ofRun;
  return {
    emailKey: key,
    webhookKey: job === null ? key : `${key}.${job.id}.${(job.leaseId ?? "").slice(0, 8)}`,
    run: group.run,
    event,
    payload: JSON.stringify(payloadOf(notice)),
    recipients,
  };
}
