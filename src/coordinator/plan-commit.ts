import { REMOVED_AT_ONCE, remainsOf } from "../domain/removal.ts";
import { committedGroup } from "../domain/state.ts";
import { randomHex } from "../lib/hex.ts";
import { outgoing } from "../notify/payload.ts";
import type { Change } from "../store/write/commit.ts";
import type { Cache } from "./cache.ts";
import type { DecidedBatch } from "./decide-batch.ts";
import { outcomesOf } from "./decided.ts";
import type { Outcome } from "./protocol.ts";
import { receiptOf } from "./receipts.ts";

/** A change that is ready to be committed, and all that is true once it is. */
export interface CommitPlan {
  readonly change: Change;
  readonly after: Cache;
  readonly outcomes: readonly (Outcome | Error)[];
}

/**
 * Draws the revision that the commit gives to the group. Answers and receipts show the group with it. Beats alone
 * leave the group as it is, its revision included.
 */
export function planCommit(before: Cache, decided: DecidedBatch, now: number): CommitPlan {
  const onlyBeats = decided.after.group === before.group && before.group !== null;
  const revision = (onlyBeats && before.revision) || randomHex(16);
  const shown = decided.shown && { ...decided.shown, revision };
  const group = decided.after.group && shown;
  const jobs = [...decided.after.jobs.values()];
  const erased = [...before.jobs.keys()].filter((id) => !decided.after.jobs.has(id));
  const { rowid, allWaiting, hearsCompletions, isSmall } = before;
  const isRemovedInSteps =
    group === null &&
    before.group !== null &&
    (!isSmall || before.group.totalJobs > REMOVED_AT_ONCE.jobs);
  const notices = decided.after.notices.filter(
    ({ event }) => hearsCompletions || event !== "job.completed",
  );
  const known = { rowid, hearsCompletions, isSmall, allWaiting: allWaiting && !decided.sweep };
  return {
    // A sweep changes jobs that are not loaded, so the waiting jobs have to be read again.
    after: { ...decided.after, ...known, notices, group, revision: group && revision },
    outcomes: outcomesOf(decided.outcomes, shown),
    change: {
      before: committedGroup(before),
      rowid,
      after: group,
      remains: isRemovedInSteps ? { ...remainsOf(before.group), revision } : null,
      beats: { before: before.beats, after: decided.after.beats },
      insertedJobs: jobs.filter(({ id }) => !before.jobs.has(id)),
      updatedJobs: jobs.filter((job) => before.jobs.has(job.id) && before.jobs.get(job.id) !== job),
      erasedJobIds: group === null ? [] : erased,
      removedDocuments: removedBy(decided),
      sweep: decided.sweep,
      notices: notices.map(outgoing),
      untold: notices.length < decided.after.notices.length,
      receipts: decided.withReceipt.map((answered) => receiptOf(answered, shown, now)),
      now,
    },
  };
}

/**
 * Taken from the replies and the group as the batch leaves it: a job that the same batch adds and deletes is in neither
 * state.
 */
function removedBy({ after, shown, outcomes }: DecidedBatch): string[] {
  if (after.group === null) return shown?.storedDocuments ? [""] : [];
  return outcomes.flatMap((outcome) => {
    if (outcome instanceof Error || !outcome.ok) return [];
    const { reply } = outcome;
    return reply instanceof Object && "documentKey" in reply ? (reply.documentKey ?? []) : [];
  });
}
