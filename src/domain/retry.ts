import type { Retry, RetryChoice } from "./commands.ts";
import type { DecidedReply } from "./replies.ts";
import { type Group, isFinished, moveJobs } from "./group.ts";
import { errorCodeOf } from "./history.ts";
import type { Job } from "./job.ts";
import { reopen } from "./lifecycle.ts";
import { type Matched, NONE_MATCHED } from "./matched.ts";
import { type Decision, type LiveState, patchGroup, refuse, withConsequences } from "./state.ts";

/**
 * Puts the chosen finished jobs back in the queue with fresh attempts; without a choice every failed one. A finished
 * group is reopened. The cost of a job stays spent, and its result stays until another replaces it.
 */
export function retry(
  state: LiveState,
  command: Retry,
  now: number,
): Decision<DecidedReply<"retry">> {
  const { choice, dryRun } = command;
  const { group } = state;
  if (group.status === "cancelled") {
    return refuse("GROUP_CANCELLED", "A cancelled group stays cancelled. Create a new group.");
  }
  const matched =
    choice === null ? { ...NONE_MATCHED, failed: group.failedJobs } : matching(state, choice);
  const jobs = matched.failed + matched.completed;
  const reply = { group: "group", matched: jobs } as const;
  if (dryRun) return { ok: true, state, reply };
  if (jobs === 0) {
    const which = choice === null ? "failed jobs" : "jobs that match";
    return refuse("NOTHING_TO_RETRY", `The group has no ${which}.`);
  }
  const live = isFinished(group) ? reopen(state) : state;
  const next = patchGroup(live, { ...without(live.group, matched), claimableAt: 0 });
  const retried = [...state.jobs].map(([id, job]): [string, Job] => [
    id,
    retriedJob(job, choice, now),
  ]);
  const swept = { ...next, jobs: new Map(retried), waiting: new Map() };
  const sweep = { kind: "retry", choice, jobs } as const;
  return { ok: true, state: withConsequences(swept, now), reply, sweep };
}

/**
 * Adds the loaded jobs that match to the stored ones. A loaded job was unfinished when it was read, so the stored count
 * does not hold it. It may have timed out since.
 */
function matching({ jobs, matched }: LiveState, choice: RetryChoice): Matched {
  return [...jobs.values()]
    .filter((job) => matches(job, choice))
    .reduce(
      (sum, { status, pages, processingMs }) => ({
        failed: sum.failed + Number(status === "failed"),
        completed: sum.completed + Number(status === "completed"),
        pages: sum.pages + (status === "completed" ? (pages ?? 0) : 0),
        processingMs: sum.processingMs + (status === "completed" ? (processingMs ?? 0) : 0),
      }),
      matched,
    );
}

const without = (group: Group, { failed, completed, pages, processingMs }: Matched) => ({
  ...moveJobs(moveJobs(group, "failed", "queued", failed), "completed", "queued", completed),
  totalPages: group.totalPages - pages,
  totalProcessingMs: group.totalProcessingMs - processingMs,
});

/** The store makes the same choice among the rows that are not loaded: see `chosenJobs`. */
export function matches(job: Job, choice: RetryChoice | null): boolean {
  const { statuses, jobIds, errorCodes } = choice ?? EVERY_FAILED;
  if (!statuses.some((status) => status === job.status)) return false;
  if (jobIds !== null && !jobIds.includes(job.id)) return false;
  return (
    errorCodes === null || (job.status === "failed" && errorCodes.includes(errorCodeOf(job) ?? ""))
  );
}

export const EVERY_FAILED: RetryChoice = { statuses: ["failed"], jobIds: null, errorCodes: null };

const FRESH = {
  status: "queued",
  attempts: 0,
  availableAt: 0,
  error: null,
  errorCode: null,
  completedAt: null,
} as const;

/** The change that a retry makes to a loaded job. The store makes the same to the rows that are not loaded. */
const retriedJob = (job: Job, choice: RetryChoice | null, now: number): Job =>
  matches(job, choice) ? { ...job, ...FRESH, updatedAt: now } : job;
