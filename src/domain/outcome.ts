import type { Group } from "./group.ts";

export const OUTCOMES = ["succeeded", "partial", "failed", "cancelled"] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** The result of a group that has ended. `null` while it has not. */
export function outcomeOf(group: Group): Outcome | null {
  switch (group.status) {
    case "completed":
      return group.completedJobs === group.totalJobs ? "succeeded" : "partial";
    case "failed":
    case "cancelled":
      return group.status;
    case "created":
    case "queued":
    case "processing":
      return null;
  }
}
