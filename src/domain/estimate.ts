import { type Group, isFinished } from "./group.ts";

const MIN_EVIDENCE = 3;
/** Of a group that has all but stopped nothing better can be said, and no date lies further than it may. */
const LONGEST_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * When the group will be done, in epoch milliseconds, or `null` while nothing can be said.
 *
 * The rate of finished jobs is weighted linearly by recency: a finish at offset t of T counts t.
 * Under a constant rate r the offsets sum to r·T²/2, so r = 2·Σt/T². It needs no memory but the sum,
 * adapts at any time scale, and knows nothing of parallelism: only finished jobs count.
 */
export function estimateCompletion(group: Group, now: number): number | null {
  if (isFinished(group)) return group.estimatedCompletionAt;
  if (group.status !== "processing" || group.runStartedAt === null) return null;
  if (group.runFinishedJobs < MIN_EVIDENCE) return null;
  const elapsedMs = Math.max(1, now - group.runStartedAt);
  const recent = (2 * group.runFinishOffsetsMs) / elapsedMs ** 2;
  const perMs = recent > 0 ? recent : group.runFinishedJobs / elapsedMs;
  return now + Math.min(LONGEST_MS, Math.ceil(group.pendingJobs / perMs));
}
