import type { Notice } from "../domain/notice.ts";
import type { OutgoingNotice } from "../store/write/insert-deliveries.ts";

/** What is told of an event: the group in brief as it was then. JSON leaves out what is `undefined`. */
export const payloadOf = ({ event, at, group, job }: Notice) => ({
  type: event,
  timestamp: new Date(at).toISOString(),
  data: {
    groupId: group.id,
    name: group.name,
    batchNumber: group.batchNumber ?? undefined,
    run: group.run,
    status: group.status,
    totalJobs: group.totalJobs,
    completedJobs: group.completedJobs,
    pendingJobs: group.pendingJobs,
    failedJobs: group.failedJobs,
    cancelledJobs: group.cancelledJobs,
    totalPages: group.totalPages,
    totalCost: group.totalCostMicros / 1_000_000,
    currency: group.currency ?? "USD",
    startedAt: timeOf(group.runStartedAt),
    completedAt: timeOf(group.completedAt),
    job: job === null ? undefined : jobOf(job),
  },
});

export type Payload = ReturnType<typeof payloadOf>;

const timeOf = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());

const jobOf = (job: NonNullable<Notice["job"]>) => ({
  jobId: job.id,
  jobNumber: job.jobNumber ?? undefined,
  documentName: job.documentName,
  attempts: job.attempts,
  error: job.error ?? "",
});

/** The notice as it is stored. A job may fail for good again after a retry: its lease tells which time. */
export function outgoing(notice: Notice): OutgoingNotice {
  const { event, group, job, recipients } = notice;
  const key = `${String(group.run).padStart(4, "0")}.${event}`;
  return {
    emailKey: key,
    webhookKey: job === null ? key : `${key}.${job.id}.${(job.leaseId ?? "").slice(0, 8)}`,
    run: group.run,
    event,
    payload: JSON.stringify(payloadOf(notice)),
    recipients,
  };
}
