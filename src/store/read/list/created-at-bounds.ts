import type { Bound, Filter } from "./compile-filter.ts";
import { scalarField } from "./fields.ts";

const createdAt = scalarField("createdAt");
const isBound = (filter: Filter): filter is Bound =>
  "value" in filter && filter.field === createdAt;

/**
 * Splits off the tightest bounds of `createdAt`: at most one on each side, so that an index begins and ends with them.
 * A bound that another one implies is dropped.
 */
export function splitBounds(filters: readonly Filter[]): { bounds: Bound[]; others: Filter[] } {
  const bounds = filters.filter(isBound);
  const lower = bounds.filter(({ operator }) => operator.startsWith("$gt"));
  const upper = bounds.filter(({ operator }) => operator.startsWith("$lt"));
  return {
    bounds: [...tightest(lower, 1), ...tightest(upper, -1)],
    others: filters.filter((filter) => !isBound(filter)),
  };
}

/** Two bounds may be equal: the one without "or equal" is the tighter. */
const tightest = (bounds: readonly Bound[], sign: 1 | -1): Bound[] =>
  bounds
    .toSorted(
      (a, b) => sign * (Number(b.value) - Number(a.value)) || a.operator.length - b.operator.length,
    )
    .slice(0, 1);
