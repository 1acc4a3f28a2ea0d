import { type Group, isEnded } from "./group.ts";

const DAY_MS = 24 * 60 * 60_000;

/** The time from which an ended group is deleted by itself; `null`: never. */
export const deletesAt = (group: Group): number | null =>
  group.retentionDays === null || group.completedAt === null || !isEnded(group)
    ? null
    : group.completedAt + group.retentionDays * DAY_MS;
