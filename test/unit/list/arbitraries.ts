import * as fc from "fast-check";
import { OUTCOMES } from "../../../src/domain/outcome.ts";
import {
  type CommittedGroup as Group,
  GROUP_STATUSES,
  PRIORITIES,
} from "../../../src/domain/group.ts";
import { SORT_FIELDS } from "../../../src/store/read/list/fields.ts";
import {
  type Scalar,
  LISTS,
  DATES,
  shown,
  compare,
  operand,
  isAmong,
  isSet,
  ORDERINGS,
} from "./meaning.ts";
import type { Json } from "./store.ts";

/** A filter and its meaning, generated side by side. */
export interface Case {
  readonly filter: Json;
  readonly holds: (group: Group) => boolean;
}

export const pick = fc.constantFrom;
const short = ["", "a", "A", "ab", "é", "1", "true", "%", "'\"\\", "\uFFFD", "😀"];
const text = pick(...short, "abcab", "BCA* (x)", 'Ärzte "AND" \'b', "ΟΔΟΣ😀😀ς");
const time = pick(0, 1, 1_000, 1_767_225_600_123);
const amount = pick(0, 1, 2, 3, 0.5, 1 / 3, 2 / 3, 0.1, 0.3, 1.1, -1, 1e-6);
export const small = fc.nat({ max: 3 });
export const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });
const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, amount, fc.boolean());
const key = pick("a", "b", 'q"\\', "é\n", "a[0]");
const metadataValue = fc.oneof(
  { weight: 4, arbitrary: scalar },
  pick(null, ["a"], [], {}, [1]),
  fc.dictionary(key, scalar),
);

export const anyRow = fc.record({
  // The search index knows the last three characters of a workspace, with hyphens before a shorter name: "--w" looks like "w".
  workspace: pick("w", "w", "w", "other", "--w"),
  name: text,
  description: optional(text),
  batchNumber: optional(text),
  template: text,
  priority: pick(...PRIORITIES),
  status: pick(...GROUP_STATUSES),
  pendingJobs: small,
  completedJobs: small,
  failedJobs: small,
  cancelledJobs: small,
  parallelJobs: small,
  retryCount: small,
  timeoutMinutes: small,
  maxFailureRate: optional(pick(0.1, 0.5, 1)),
  retentionDays: optional(pick(1, 2, 365)),
  maxCostMicros: optional(pick(1, 300_000)),
  totalPages: small,
  totalCostMicros: pick(0, 1, 100_000, 300_000, 1_100_000),
  currency: optional(pick("USD", "EUR")),
  totalProcessingMs: pick(0, 1, 1_000, 1_500, 3_000),
  onCompletion: fc.boolean(),
  onFailure: fc.boolean(),
  recipients: fc.array(text, { maxLength: 2 }),
  createdBy: optional(text),
  assignedTo: optional(text),
  tags: fc.array(text, { maxLength: 3 }),
  metadata: fc.dictionary(key, metadataValue).map((value) => JSON.stringify(value)),
  createdAt: time,
  updatedAt: time,
  startedAt: optional(time),
  completedAt: optional(time),
  pausedAt: optional(time),
  estimatedCompletionAt: optional(time),
});

type Row = typeof anyRow extends fc.Arbitrary<infer T> ? T : never;
export function addUp(row: Row): Partial<Group> {
  const totalJobs = row.pendingJobs + row.completedJobs + row.failedJobs + row.cancelledJobs;
  return { ...row, totalJobs, processingJobs: Math.min(1, row.pendingJobs) };
}

const valuesOf = new Map<string, fc.Arbitrary<Scalar>>([
  ["priority", pick(...PRIORITIES)],
  ["status", pick(...GROUP_STATUSES)],
  ["outcome", pick(...OUTCOMES)],
  ["statistics.currency", pick("USD", "EUR")],
  ["notifications.onCompletion", fc.boolean()],
  ["notifications.onFailure", fc.boolean()],
]);
const TEXTS = ["_id", "name", "description", "batchNumber", "template", "createdBy", "assignedTo"];
for (const name of [...TEXTS, ...LISTS]) valuesOf.set(name, text);
for (const name of DATES)
  valuesOf.set(
    name,
    time.map((ms) => new Date(ms).toISOString()),
  );

function comparisonOf(name: string): fc.Arbitrary<Case> {
  const inMetadata = name.startsWith("metadata.");
  const value = inMetadata ? scalar : (valuesOf.get(name) ?? amount);
  const values = fc.array(value, { maxLength: 3 });
  const among = (one: Scalar | Scalar[]) => (group: Group) => isAmong(group, name, [one].flat());
  const notAmong = (one: Scalar | Scalar[]) => (group: Group) => !among(one)(group);
  const cases: fc.Arbitrary<Case>[] = [
    fc.oneof(value, values).map((one) => ({ filter: { [name]: one }, holds: among(one) })),
    value.map(($eq) => ({ filter: { [name]: { $eq } }, holds: among($eq) })),
    value.map(($ne) => ({ filter: { [name]: { $ne } }, holds: notAmong($ne) })),
    values.map(($in) => ({ filter: { [name]: { $in } }, holds: among($in) })),
    values.map(($nin) => ({ filter: { [name]: { $nin } }, holds: notAmong($nin) })),
    fc.boolean().map(($exists) => ({
      filter: { [name]: { $exists } },
      holds: (group) => isSet(group, name) === $exists,
    })),
    fc.tuple(value, value).map(([$ne, other]) => ({
      filter: { [name]: { $ne, $in: [$ne, other] } },
      holds: (group) => notAmong($ne)(group) && among([$ne, other])(group),
    })),
  ];
  if (!LISTS.includes(name) && !name.startsWith("notifications.")) {
    const ordered = inMetadata ? fc.oneof(text, amount) : value;
    for (const [operator, accepts] of Object.entries(ORDERINGS)) {
      const ordering = ordered.map((one) => ({
        filter: { [name]: { [operator]: one } },
        holds: (group: Group) => accepts(compare(shown(group, name), operand(name, one))),
      }));
      cases.push(ordering);
    }
  }
  return fc.oneof(...cases);
}

const INDEXED = ["batchNumber", "name", "createdBy", "assignedTo", "tags", "template"];
INDEXED.push("status", "status", "priority", "priority", "createdAt", "createdAt");
const metadataName = fc
  .array(key, { minLength: 1, maxLength: 2 })
  .map((keys) => ["metadata", ...keys].join("."));
const comparison = fc
  .oneof(
    { weight: 2, arbitrary: pick<string[]>(...SORT_FIELDS, ...LISTS) },
    { weight: 2, arbitrary: pick(...INDEXED) },
    metadataName,
  )
  .chain(comparisonOf);

const every = (parts: Case[]) => (group: Group) => parts.every(({ holds }) => holds(group));
const some = (parts: Case[]) => (group: Group) => parts.some(({ holds }) => holds(group));
const filters = (of: Case[]) => of.map(({ filter }) => filter);
export const { anyFilter } = fc.letrec<{ anyFilter: Case }>((tie) => {
  const parts = fc.array(tie("anyFilter"), { minLength: 1, maxLength: 2 });
  return {
    anyFilter: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      comparison,
      parts.map((of) => ({ filter: { $and: filters(of) }, holds: every(of) })),
      parts.map((of) => ({ filter: { $or: filters(of) }, holds: some(of) })),
      fc.tuple(comparison, parts).map(([one, of]) => ({
        filter: Object.assign({ $or: filters(of) }, one.filter),
        holds: (group: Group) => one.holds(group) && some(of)(group),
      })),
    ),
  };
});
