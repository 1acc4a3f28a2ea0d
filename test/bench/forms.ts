import { firm, SEEDED_UNTIL } from "./seed.ts";

const DAY_MS = 86_400_000;

/** A way to ask for a list, as its query parameters. */
export interface Form {
  readonly name: string;
  /** It finds more groups the more there are, and `total` has to count all of them. */
  readonly manyHits?: true;
  readonly query: Readonly<Record<string, string>>;
}

const filter = (name: string, fields: object, query: Form["query"] = {}): Form => ({
  name,
  query: { filter: JSON.stringify(fields), ...query },
});
const many = (form: Form): Form => ({ ...form, manyHits: true });

/** Since when about 100 groups were made. */
const recently = (groups: number): string =>
  new Date(SEEDED_UNTIL - (100 / groups) * 365 * DAY_MS).toISOString();

export const formsAt = (groups: number): readonly Form[] => [
  { name: "default", query: {} },
  { name: "sort=createdAt asc", query: { order: "asc" } },
  { name: "sort=name", query: { sort: "name", order: "asc" } },
  { name: "sort=priority", query: { sort: "priority" } },
  { name: "sort=status", query: { sort: "status", order: "asc" } },
  filter("status", { status: "queued" }),
  filter("priority", { priority: "urgent" }),
  filter("batchNumber", { batchNumber: "BATCH-2025-7" }),
  filter("createdBy", { createdBy: "user-3" }),
  filter("assignedTo", { assignedTo: "clerk-5" }),
  filter("tag", { tags: "client-4" }),
  filter("any of two tags", { tags: ["client-4", "client-5"] }),
  filter("createdAt range", { createdAt: { $gte: recently(groups) } }),
  filter("two statuses", { status: ["queued", "processing"] }),
  // Of these at least as many as a page holds match at 10,000 groups.
  filter("status, priority", { status: "failed", priority: "high" }),
  filter("status, rare priority", { status: "completed", priority: "urgent" }),
  filter("status, sort=name", { status: "processing" }, { sort: "name", order: "asc" }),
  filter("status, createdBy", { status: "completed", createdBy: "user-3" }),
  filter("status, tag", { status: "completed", tags: "client-4" }),
  filter("status, createdAt range", {
    status: "completed",
    createdAt: { $gte: recently(groups) },
  }),
  { name: "search, few hits", query: { search: firm(3).toUpperCase() } },
  {
    name: "search, few hits, status",
    query: { search: firm(3), filter: '{"status":"completed"}' },
  },
  many(filter("template", { template: "template-3" })),
  many(filter("common tag", { tags: "monthly" })),
  many({ name: "search, many hits", query: { search: "january" } }),
  many({ name: "search, two characters", query: { search: "zz" } }),
];

const comparisons = (count: number, name: (index: number) => string): object => ({
  $or: Array.from({ length: count }, (_, index) => ({ [name(index)]: "none" })),
});

/** Lists that look at as many groups as a list may, or ask for more. */
export const worstForms: readonly Form[] = [
  filter("metadata, no hit", { "metadata.source": "none" }),
  filter("metadata, all hit", { "metadata.source": "mailroom" }),
  filter(
    "8 of metadata",
    comparisons(8, (index) => `metadata.key${index}`),
  ),
  filter(
    "40 of recipients",
    comparisons(40, () => "notifications.recipients"),
  ),
  filter("totalPages, no hit", { "statistics.totalPages": { $gt: 1 } }),
  filter("template, metadata", { template: "template-3", "metadata.source": "none" }),
  filter("tag, sort=name", { tags: "monthly" }, { sort: "name" }),
  filter("template, sort=updatedAt", { template: "template-3" }, { sort: "updatedAt" }),
  filter(
    "three statuses, offset=9900",
    { status: ["completed", "failed", "queued"] },
    { offset: "9900" },
  ),
  filter(
    "status, priority, offset=6000",
    { status: "completed", priority: "urgent" },
    { offset: "6000" },
  ),
  { name: "sort=updatedAt", query: { sort: "updatedAt" } },
  { name: "offset=100000", query: { offset: "100000" } },
  { name: "search, in all", query: { search: "invoices" } },
  { name: "search, two characters, no hit", query: { search: "zq" } },
  { name: "search, two characters, sort=name", query: { search: "in", sort: "name" } },
  { name: "search, common trigrams", query: { search: "site 12, second" } },
  { name: "search, many hits, sort=name", query: { search: "second floor", sort: "name" } },
];
