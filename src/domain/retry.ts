import type { Retry, RetryChoice } from "./commands.ts";
import type { DecidedReply } from "./replies.ts";
import { type Group, isFinished, moveJobs } from "./group.ts";
import { errorCodeOf } from "./history.ts";
import type { Job } from "./job.ts";
import { reopen } from "./lifecycle.ts";
import { type Matched, NONE_MATCHED } from "./matched.ts";
import { type Decision, type LiveState, patchGroup, refuse, withConsequences } from "./state.ts";
import { ALL_JOBS, FIRST_STEP, isIn, type JobRange, SWEPT_AT_ONCE } from "./sweep.ts";

/**
 * Puts the chosen finished jobs back in the queue with fresh attempts; without a choice every failed one. A finished
 * group is reopened. The cost of a job stays spent, and its result stays until another replaces it.
 */
export function retry(
  state: LiveState,
  command: Retry,
  now: number,
): Decision<DecidedReply<"retry">> {
  const { group } = state;
  const { choice, dryRun, step } = command;
  if (group.status === "cancelled") {
    return refuse("GROUP_CANCELLED", "A cancelled group stays cancelled. Create a new group.");
  }
  const isCounted = step !== undefined || choice !== null;
  if (!isCounted && !dryRun && group.failedJobs > SWEPT_AT_ONCE.uncounted) {
    const rest = { ...command, step: FIRST_STEP };
    return { ok: true, state, reply: { group: "group", matched: 0 }, rest };
  }
  const part = isCounted ? countedPart(state, command) : everyFailed(group);
  const jobs = part.matched.failed + part.matched.completed;
  const done = (step?.done ?? 0) + jobs;
  const reply = { group: "group", matched: done } as const;
  const { to } = part.range;
  const rest = to !== null && { rest: { ...command, step: { after: to, done } } };
  if (dryRun || (jobs === 0 && rest)) return { ok: true, state, reply, ...rest };
  if (done === 0) {
    const which = choice === null ? "failed jobs" : "jobs that match";
    return refuse("NOTHING_TO_RETRY", `The group has no ${which}.`);
  }
  const { range, stored } = part;
  const sweep = { kind: "retry", choice: part.choice, range, jobs: stored } as const;
  return { ok: true, state: requeued(state, part, now), reply, sweep, ...rest };
}

/** The jobs that one commit puts back in the queue. */
interface Part {
  readonly choice: RetryChoice;
  readonly range: JobRange;
  readonly matched: Matched;
  /** The number of those that are not loaded; `null` when they are not counted. */
  readonly stored: number | null;
}

const everyFailed = ({ failedJobs }: Group): Part => ({
  choice: EVERY_FAILED,
  range: ALL_JOBS,
  matched: { ...NONE_MATCHED, failed: failedJobs },
  stored: null,
});

function countedPart(state: LiveState, { choice, step = FIRST_STEP }: Retry): Part {
  const { failed, completed, to } = state.matched;
  const part = { choice: choice ?? EVERY_FAILED, range: { after: step.after, to } };
  return { ...part, matched: withLoaded(state, part), stored: failed + completed };
}

/** A last step may find no job, and is committed all the same: the answer is stored with it. */
function requeued(state: LiveState, part: Part, now: number): LiveState {
  const { matched } = part;
  const live = isFinished(state.group) ? reopen(state) : state;
  const next = patchGroup(live, { ...without(live.group, matched), claimableAt: 0 });
  const jobs = [...state.jobs].map(([id, job]): [string, Job] => [
    id,
    isMeant(job, part) ? { ...job, ...FRESH, updatedAt: now } : job,
  ]);
  return withConsequences({ ...next, jobs: new Map(jobs), waiting: new Map() }, now);
}

/**
 * Adds the loaded jobs that match to the stored ones. A loaded job was unfinished when it was read, so the stored count
 * does not hold it. It may have timed out since.
 */
function withLoaded({ jobs, matched }: LiveState, part: Pick<Part, "choice" | "range">): Matched {
  const loaded = [...jobs.values()].filter((job) => isMeant(job, part));
  const completed = loaded.filter(({ status }) => status === "completed");
  const sum = (of: "pages" | "processingMs") =>
    completed.reduce((all, job) => all + (job[of] ?? 0), matched[of]);
  return {
    ...matched,
    failed: matched.failed + loaded.length - completed.length,
    completed: matched.completed + completed.length,
    pages: sum("pages"),
    processingMs: sum("processingMs"),
  };
}

const without = (group: Group, { failed, completed, pages, processingMs }: Matched) => ({
  ...moveJobs(moveJobs(group, "failed", "queued", failed), "completed", "queued", completed),
  totalPages: group.totalPages - pages,
  totalProcessingMs: group.totalProcessingMs - processingMs,
});

const isMeant = (job: Job, { choice, range }: Pick<Part, "choice" | "range">): boolean =>
  isIn(range, job) && matches(job, choice);

/** The store makes the same choice among the rows that are not loaded: see `chosenJobs`. */
export function matches(job: Job, { statuses, jobIds, errorCodes }: RetryChoice): boolean {
  if (!statuses.some((status) => status === job.status)) return false;
  if (jobIds !== null && !jobIds.includes(job.id)) return false;
  return (
    errorCodes === null || (job.status === "failed" && errorCodes.includes(errorCodeOf(job) ?? ""))
  );
}

export const EVERY_FAILED: RetryChoice = { statuses: ["failed"], jobIds: null, errorCodes: null };

/** The change that a retry makes to a loaded job. The store makes the same to the rows that are not loaded. */
const FRESH = {
  status: "queued",
  attempts: 0,
  availableAt: 0,
  error: null,
  errorCode: null,
  completedAt: null,
} as const;
