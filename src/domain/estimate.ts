import { type Group, isFinished } from "./group.ts";

const MIN_EVIDENCE = 3;
/** Limits the estimate of a group that has nearly stopped: a time far enough ahead would be no valid date. */
const LONGEST_MS = 365 * 24 * 60 * 60 * 1000;

/** The time that the run has lasted, pauses left out, in milliseconds. */
export const runMs = ({ runStartedAt, runPausedMs, pausedAt }: Group, now: number): number =>
  runStartedAt === null ? 0 : Math.max(0, (pausedAt ?? now) - runStartedAt - runPausedMs);

/**
 * The time at which the group will be done, in epoch milliseconds. `null` while too few jobs have finished, and
 * while the group is paused.
 *
 * The rate of finished jobs is weighted linearly by recency: a finish at offset t of T counts t. Under a constant
 * rate r the offsets sum to r·T²/2, so r = 2·Σt/T². Only the sum has to be stored. The weights are relative to
 * the run, so short and long runs adapt alike. Parallelism needs no term, because only finished jobs count.
 */
export function estimateCompletion(group: Group, now: number): number | null {
  if (isFinished(group)) return group.estimatedCompletionAt;
  if (group.status !== "processing" || group.pausedAt !== null) return null;
  if (group.runFinishedJobs < MIN_EVIDENCE) return null;
  const elapsedMs = Math.max(1, runMs(group, now));
  const recent = (2 * group.runFinishOffsetsMs) / elapsedMs ** 2;
  const perMs = recent > 0 ? recent : group.runFinishedJobs / elapsedMs;
  return now + Math.min(LONGEST_MS, Math.ceil(group.pendingJobs / perMs));
}
