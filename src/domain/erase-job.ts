import type { EraseJob } from "./commands.ts";
import { endStatus, type Group, isFinished, moveJobs } from "./group.ts";
import { isUnfinished, type Job } from "./job.ts";
import type { EraseReply } from "./replies.ts";
import { type Decision, type LiveState, patchGroup, refuse } from "./state.ts";

/**
 * Removes a finished job from its group. Counters, pages, cost and times become those of a group that never had
 * the job. Its sequence number is not used again.
 */
export function eraseJob(state: LiveState, { jobId }: EraseJob, now: number): Decision<EraseReply> {
  const job = state.jobs.get(jobId);
  if (job === undefined) return refuse("JOB_NOT_FOUND", "The group has no job with this id.");
  if (isUnfinished(job)) {
    return refuse(
      "JOB_UNFINISHED",
      `The job is ${job.status}; only a finished job can be deleted.`,
    );
  }
  const jobs = new Map(state.jobs);
  jobs.delete(jobId);
  const { group } = state;
  const counters = moveJobs(group, job.status, null);
  const left = patchGroup({ ...state, jobs }, { ...counters, ...without(group, job) });
  const status = isFinished(group) ? statusOf(left.group) : group.status;
  const reply = { documentKey: job.documentKey };
  return { ok: true, state: patchGroup(left, { status, updatedAt: now }), reply };
}

const without = (group: Group, job: Job): Partial<Group> => ({
  erasedJobs: group.erasedJobs + 1,
  storedDocuments: group.storedDocuments - (job.documentKey === null ? 0 : 1),
  storedBytes: group.storedBytes - (job.documentSize ?? 0),
  totalCostMicros: group.totalCostMicros - (job.costMicros ?? 0),
  ...(job.status === "completed" && {
    totalPages: group.totalPages - (job.pages ?? 0),
    totalProcessingMs: group.totalProcessingMs - (job.processingMs ?? 0),
  }),
});

/** The status that the remaining jobs of an ended group give it. With no job left it stays as it was. */
const statusOf = (group: Group): Group["status"] =>
  group.totalJobs > 0 ? endStatus(group) : group.status;
