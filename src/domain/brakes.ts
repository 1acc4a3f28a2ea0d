import { type Group, isOpen } from "./group.ts";

/** The reasons for which a group pauses by itself. */
export type PauseCause = "failure_rate" | "max_cost";

/** Finished jobs that `maxFailureRate` is measured over. */
const WINDOW = 50;
/** With fewer finished jobs a group does not pause, whatever the share of failures. */
const MIN_EVIDENCE = 20;

const FAILED = "f";
const COMPLETED = "c";

/** Adds a result at the end and keeps the newest ones, oldest first. */
export const withResult = (recentResults: string, status: "completed" | "failed"): string =>
  (recentResults + (status === "failed" ? FAILED : COMPLETED)).slice(-WINDOW);

/** The reason why the group must pause now; `null` when it may go on. */
export function pauseCause(group: Group): PauseCause | null {
  if (!isOpen(group) || group.pausedAt !== null) return null;
  if (failsTooOften(group)) return "failure_rate";
  return costsTooMuch(group) ? "max_cost" : null;
}

function failsTooOften({ maxFailureRate, recentResults }: Group): boolean {
  if (maxFailureRate === null || recentResults.length < MIN_EVIDENCE) return false;
  const failures = recentResults.split(FAILED).length - 1;
  return failures > maxFailureRate * recentResults.length;
}

/** A limit that has paused the group before is ignored: whoever resumed the group has seen the cost. */
const costsTooMuch = ({ maxCostMicros, pausedAtCostMicros, totalCostMicros }: Group): boolean =>
  maxCostMicros !== null &&
  maxCostMicros !== pausedAtCostMicros &&
  totalCostMicros >= maxCostMicros;
