import { type Group, JOB_STATUSES, type JobStatus } from "../data/types.ts";

/** The part of the jobs that is shown, and the job that is open beside them. The address holds it. */
export interface JobView {
  readonly status?: JobStatus | undefined;
  /** Only jobs that failed with it. */
  readonly errorCode?: string | undefined;
  readonly job?: string | undefined;
}

export function viewIn({ jobs, code, job }: Readonly<Record<string, string>>): JobView {
  const status = JOB_STATUSES.find((one) => one === jobs);
  return { ...(code ? { errorCode: code } : status && { status }), ...(job && { job }) };
}

export function addressOf(groupId: string, { status, errorCode, job }: JobView): string {
  const query = new URLSearchParams({
    ...(errorCode ? { code: errorCode } : status && { jobs: status }),
    ...(job && { job }),
  }).toString();
  return `/dashboard/groups/${groupId}${query && `?${query}`}`;
}

/** The counters equal the jobs in each state. */
export function jobsIn(group: Group, status: JobStatus | undefined): number {
  if (status === undefined) return group.totalJobs;
  if (status === "queued") return group.pendingJobs - group.processingJobs;
  return group[`${status}Jobs`];
}
