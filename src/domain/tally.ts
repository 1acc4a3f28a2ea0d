import { type Counters, countersOf, type Group } from "./group.ts";

/** The numbers of a group that follow from its jobs. */
export interface Tally extends Counters {
  readonly totalPages: number;
  readonly totalCostMicros: number;
  readonly totalProcessingMs: number;
}

export const tallyOf = (group: Group): Tally => ({
  ...countersOf(group),
  totalPages: group.totalPages,
  totalCostMicros: group.totalCostMicros,
  totalProcessingMs: group.totalProcessingMs,
});

export const isSame = (a: Tally, b: Tally): boolean =>
  Object.entries(a).every(([name, value]) => b[name as keyof Tally] === value);
