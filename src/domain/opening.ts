import { shutReason } from "./claim.ts";
import type { Group } from "./group.ts";

/** The number of waiting claims that a group could answer. */
export interface Opening {
  readonly places: number;
  /** The time from which it could: the end of a back-off; 0 for at once. */
  readonly at: number;
}

const EVERYBODY: Opening = { places: Infinity, at: 0 };

/** `null` while nothing can be claimed before a lease ends or the group is changed. */
export function openingOf(group: Group | null): Opening | null {
  const reason = group && shutReason(group);
  if (group === null || reason === "finished") return EVERYBODY;
  if (reason !== null || group.claimableAt === null) return null;
  const { parallelJobs, pendingJobs, processingJobs } = group;
  const places = Math.min(parallelJobs, pendingJobs) - processingJobs;
  return places > 0 ? { places, at: group.claimableAt } : null;
}
