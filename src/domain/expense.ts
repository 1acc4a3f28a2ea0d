import type { Expense } from "./ended-attempt.ts";
import type { Group } from "./group.ts";
import type { Job } from "./job.ts";
import { type LiveState, patchGroup } from "./state.ts";

/** The reason why the group cannot take a cost in this currency; `null` when it can. */
export function currencyFault(group: Group, { currency }: Expense): string | null {
  if (group.currency === null || currency === null || currency === group.currency) return null;
  return `The group's costs are in ${group.currency}; this report is in ${currency}.`;
}

/**
 * Adds the cost of an attempt to the group and to the job, whose cost is the sum over its attempts. A lease is
 * settled once, so each cost is added once. Only the deletion of the job takes it away.
 */
export function book(state: LiveState, job: Job, expense: Expense) {
  const { pages, costMicros } = expense;
  if (costMicros === null) return { state, job, expense: { pages, costMicros, currency: null } };
  const { group } = state;
  const currency = group.currency ?? expense.currency ?? "USD";
  const totalCostMicros = group.totalCostMicros + costMicros;
  return {
    state: patchGroup(state, { totalCostMicros, currency }),
    job: { ...job, costMicros: (job.costMicros ?? 0) + costMicros, currency },
    expense: { pages, costMicros, currency },
  };
}
