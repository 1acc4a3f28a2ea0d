import { readFileSync } from "node:fs";
import { eq } from "drizzle-orm";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  type CommittedGroup as Group,
  GROUP_STATUSES,
  PRIORITIES,
} from "../../src/domain/group.ts";
import { SORT_FIELDS } from "../../src/store/read/list/fields.ts";
import { type ListQuery, listGroups } from "../../src/store/read/list/list-groups.ts";
import { parseFilter } from "../../src/store/read/list/parse-filter.ts";
import { derived } from "../../src/store/write/commit.ts";
import { jobGroup } from "../../src/store/schema.ts";
import { NodeD1 } from "../support/node-d1.ts";

const { db, sqlite } = new NodeD1().migrate();

const BASE: Group = {
  id: "0",
  workspace: "w",
  revision: "r",
  name: "March",
  description: null,
  batchNumber: null,
  template: "t",
  priority: "medium",
  status: "created",
  totalJobs: 0,
  pendingJobs: 0,
  processingJobs: 0,
  completedJobs: 0,
  failedJobs: 0,
  cancelledJobs: 0,
  firstUnclaimed: 0,
  claimableAt: null,
  leasedJobs: [],
  parallelJobs: 3,
  retryCount: 2,
  timeoutMinutes: 30,
  totalPages: 0,
  totalCostMicros: 0,
  currency: null,
  totalProcessingMs: 0,
  onCompletion: false,
  onFailure: true,
  recipients: [],
  createdBy: null,
  assignedTo: null,
  tags: [],
  metadata: "{}",
  run: 1,
  runStartedAt: null,
  runFinishedJobs: 0,
  runFailedJobs: 0,
  runFinishOffsetsMs: 0,
  createdAt: 0,
  updatedAt: 0,
  startedAt: null,
  completedAt: null,
  estimatedCompletionAt: null,
};

async function store(...groups: Partial<Group>[]): Promise<Group[]> {
  const rows: Group[] = [];
  for (const [index, group] of groups.entries()) {
    const row = { ...BASE, id: String(index), ...group };
    await db.batch([db.insert(jobGroup).values({ ...row, ...derived(row) })]);
    rows.push(row);
  }
  return rows;
}

type Json = { [name: string]: unknown };

function list(query: Partial<Omit<ListQuery, "filter">> & { filter?: Json | string } = {}) {
  const { filter = {}, ...rest } = query;
  const parsed = parseFilter(typeof filter === "string" ? filter : JSON.stringify(filter));
  if (!parsed.ok) throw new Error(parsed.problems.join("\n"));
  const defaults = { workspace: "w", limit: 50, offset: 0, sort: "_id", order: "asc" } as const;
  return listGroups(db, { ...defaults, ...rest, filter: parsed.filter });
}

const found = async (query: Parameters<typeof list>[0]) =>
  (await list(query)).groups.map(({ id }) => id).join("");
const problemsOf = (text: string) => {
  const parsed = parseFilter(text);
  return parsed.ok ? [] : parsed.problems;
};

beforeEach(() => sqlite.exec("DELETE FROM job_group"));

describe("a filter finds exactly the groups it describes", () => {
  const groups: Partial<Group>[] = [
    {
      name: 'O\'Neil % \\ "x"',
      priority: "urgent",
      status: "queued",
      tags: ["a", "b"],
      totalCostMicros: 300_000,
      createdAt: Date.parse("2026-01-31T12:00:00.123Z"),
      metadata: JSON.stringify({ n: 1, deep: { er: "x" }, 'q"\\é\n': true, list: ["x"], no: null }),
    },
    {
      name: "march",
      description: "",
      priority: "low",
      tags: ["b"],
      currency: "EUR",
      createdAt: Date.parse("2026-02-01T00:00:00Z"),
      startedAt: Date.parse("2026-02-02T00:00:00Z"),
      metadata: JSON.stringify({ n: "1", deep: "x", "a.b": 1, list: '["x"]', no: 0 }),
    },
    {
      name: "March",
      onCompletion: true,
      totalJobs: 3,
      completedJobs: 2,
      failedJobs: 1,
      totalProcessingMs: 5000,
      createdAt: Date.parse("2026-03-01T00:00:00Z"),
      recipients: ["x@y.z"],
      metadata: JSON.stringify({ n: true }),
    },
  ];
  it.for<[Json | string, string]>([
    [{}, "012"],
    [{ name: "March" }, "2"],
    [{ name: 'O\'Neil % \\ "x"' }, "0"],
    [{ name: ["March", "march", "x"] }, "12"],
    [{ name: [] }, ""],
    [{ name: { $nin: [] } }, "012"],
    [{ name: { $gte: "March", $lt: "a" } }, "02"],
    [{ description: "" }, "1"],
    [{ description: { $ne: "" } }, "02"],
    [{ description: { $nin: ["", "x"] } }, "02"],
    [{ description: { $exists: false } }, "02"],
    [{ startedAt: { $lt: "2030-01-01T00:00:00Z" } }, "1"],
    [{ createdAt: "2026-01-31T13:00:00.123+01:00" }, "0"],
    [{ createdAt: { $gt: "2026-01-31t12:00:00.1229z" } }, "012"],
    [{ createdAt: { $gt: "2026-01-31T12:00:00.1230001Z" } }, "12"],
    [{ priority: { $gt: "low", $lt: "urgent" } }, "2"],
    [{ priority: ["low", "urgent"] }, "01"],
    [{ status: { $ne: "created" } }, "0"],
    [{ "statistics.totalCost": 0.3 }, "0"],
    [{ "statistics.totalCost": { $gt: 0.2999999 } }, "0"],
    [{ "statistics.totalCost": { $gt: 0.3000001 } }, ""],
    [{ "statistics.successRate": 2 / 3 }, "2"],
    [{ "statistics.averageProcessingTime": 2.5 }, "2"],
    [{ "statistics.averageProcessingTime": 0 }, "01"],
    [{ "statistics.totalDocuments": 3 }, "2"],
    [{ "statistics.currency": "USD" }, "02"],
    [{ "statistics.currency": { $exists: false } }, ""],
    [{ "notifications.onCompletion": true }, "2"],
    [{ "notifications.recipients": "x@y.z" }, "2"],
    [{ "notifications.recipients": { $exists: false } }, "01"],
    [{ tags: "a" }, "0"],
    [{ tags: { $ne: "a" } }, "12"],
    [{ tags: ["a", "b"] }, "01"],
    [{ tags: { $nin: ["a", "b"] } }, "2"],
    [{ tags: { $exists: true } }, "01"],
    [{ "metadata.n": 1 }, "0"],
    [{ "metadata.n": "1" }, "1"],
    [{ "metadata.n": true }, "2"],
    [{ "metadata.n": [1, "1"] }, "01"],
    [{ "metadata.n": { $nin: [1, "1"] } }, "2"],
    [{ "metadata.n": { $ne: 1 } }, "12"],
    [{ "metadata.n": { $gte: 0 } }, "0"],
    [{ "metadata.n": { $gte: "" } }, "1"],
    [{ "metadata.deep.er": "x" }, "0"],
    [{ "metadata.deep.er": { $exists: false } }, "12"],
    [{ "metadata.deep": { $exists: true } }, "01"],
    [{ 'metadata.q"\\é\n': true }, "0"],
    [{ "metadata.list": '["x"]' }, "1"],
    [{ "metadata.a.b": 1 }, ""],
    [{ "metadata.no": { $exists: true } }, "1"],
    [{ $or: [{ name: "March" }, { tags: "a" }], status: "queued" }, "0"],
    [{ $or: [{ $and: [{ name: "March" }, { tags: "a" }] }, { description: "" }] }, "1"],
    [{ $or: [{}, { name: "x" }] }, "012"],
    ['{"metadata.__proto__":{"$exists":false}}', "012"],
  ])("%j", async ([filter, ids]) => {
    await store(...groups);
    expect(await found({ filter })).toBe(ids);
  });
});

describe("a filter is refused with every problem named", () => {
  const NOT_A_FIELD = "is not a filter field; allowed are _id, name,";
  const NOT_AN_OPERATOR = "is not an operator; allowed are $eq, $ne, $in,";
  it.for<[string, ...string[]]>([
    ["", "valid JSON"],
    ["{", "valid JSON"],
    ["{'name':'x'}", "valid JSON"],
    ["null", "must be a JSON object"],
    ["[]", "must be a JSON object"],
    ['"name"', "must be a JSON object"],
    ['{"nme":1,"Name":2}', `"nme" ${NOT_A_FIELD}`, `"Name" ${NOT_A_FIELD}`],
    ['{"constructor":1}', `"constructor" ${NOT_A_FIELD}`],
    [
      '{"__proto__":{"a":1}}',
      `"__proto__" ${NOT_A_FIELD}`,
      `"a" on "__proto__" ${NOT_AN_OPERATOR}`,
    ],
    ['{"workspace":"w"}', `"workspace" ${NOT_A_FIELD}`],
    ['{"metadata":"x"}', `"metadata" ${NOT_A_FIELD}`],
    ['{"metadata.a..b":1}', `"metadata.a..b" ${NOT_A_FIELD}`],
    [
      '{"statistics":{"totalCost":1}}',
      `"statistics" ${NOT_A_FIELD}`,
      '"totalCost" on "statistics"',
    ],
    ['{"$where":"1"}', '"$where" cannot stand here; allowed are field names, "$and" and "$or"'],
    ['{"name":{"$regex":"x"}}', `"$regex" on "name" ${NOT_AN_OPERATOR}`],
    ['{"name":{"$not":{"$eq":"x"}}}', `"$not" on "name" ${NOT_AN_OPERATOR}`],
    ['{"name":{}}', '"name" needs an operator; allowed are'],
    ['{"name":1,"totalJobs":"1"}', '"name" must be a string', '"totalJobs" must be a number'],
    ['{"totalJobs":true}', '"totalJobs" must be a number'],
    ['{"totalJobs":1e999}', '"totalJobs" must be a number'],
    ['{"notifications.onFailure":1}', '"notifications.onFailure" must be true or false'],
    ['{"priority":"asap"}', '"priority" must be one of low, medium, high, urgent'],
    ['{"status":["queued","done"]}', '"status" must be one of created, queued'],
    ['{"tags":5}', '"tags" must be a string'],
    ['{"metadata.a":[["x"]]}', '"metadata.a" must be a string, a number, true or false'],
    ['{"name":null}', '"name" cannot be null; {"$exists": false} finds what is not set'],
    ['{"metadata.a":{"$gt":null}}', '"metadata.a" cannot be null; {"$exists": false}'],
    ['{"tags":{"$gt":"a"}}', '"$gt" on "tags" needs an order; allowed are $eq, $ne, $in, $nin,'],
    ['{"notifications.onFailure":{"$lte":true}}', '"$lte" on "notifications.onFailure" needs'],
    ['{"metadata.a":{"$lt":true}}', '"$lt" on "metadata.a" needs an order'],
    [
      '{"name":{"$in":"x","$nin":{}}}',
      '"$in" on "name" takes an array',
      '"$nin" on "name" takes an',
    ],
    ['{"name":{"$eq":["x"]}}', '"name" must be a string'],
    ['{"name":{"$exists":1}}', '"$exists" on "name" takes true or false'],
    ['{"$and":[],"$or":{}}', '"$and" takes a non-empty array', '"$or" takes a non-empty array'],
    ['{"$and":[1]}', 'Each item of "$and" must be a JSON object'],
    ['{"name":"\\u0000"}', 'A value for "name" must be without NUL'],
    ['{"name":"\\ud800"}', 'A value for "name" must be without NUL'],
    ['{"metadata.\\udc00":1}', "The name of a field must be without NUL"],
  ])("%s", ([filter, ...expected]) => {
    expect(problemsOf(filter)).toEqual(expected.map((part) => expect.stringContaining(part)));
  });

  it.for([
    "2026-01-31",
    "2026-01-31T12:00:00",
    "2026-01-31 12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-01-31T24:00:00Z",
    "2026-01-31T12:00:60Z",
    "2026-01-31T12:00:00+24:00",
    "2026-01-31T12:00:00.Z",
    "2026-01-31T12:00:00 02:00",
    "yesterday",
  ])("%s is not a time", (time) => {
    const problem = 'A value for "createdAt" must be a time with Z or an offset, such as 2026-01';
    expect(problemsOf(JSON.stringify({ createdAt: time }))).toEqual([
      expect.stringContaining(problem),
    ]);
  });
});

const any = (count: number, part: string) => `{"$or":[${Array(count).fill(part).join()}]}`;
const nested = (levels: number) => `${'{"$or":['.repeat(levels)}{}${"]}".repeat(levels)}`;
const tags = (count: number) => JSON.stringify({ tags: Array(count).fill("x") });
const mixed = (count: number) =>
  JSON.stringify({ tags: Array(count).fill("x"), totalJobs: { $gt: 1 } });
const named = (name: string) => JSON.stringify({ name });
const keyed = (length: number) => JSON.stringify({ [`metadata.${"k".repeat(length - 9)}`]: 1 });

describe("a filter is bounded", () => {
  it.for<[string, string, string, string]>([
    ["length", named("x".repeat(500)).padEnd(8192), named("x".repeat(8192)), "8192 characters"],
    ["strings", named("😀".repeat(500)), named("😀".repeat(501)), '"name" has at most 500 char'],
    ["field names", keyed(500), keyed(501), "name of a field has at most 500 characters"],
    ["values", tags(50), tags(51), "at most 50 values"],
    ["values of all operators", mixed(49), mixed(50), "at most 50 values"],
    ["comparisons", any(40, '{"name":"x"}'), any(41, '{"name":"x"}'), "at most 40 comparisons"],
    ["empty filters", any(40, "{}"), any(41, "{}"), "at most 40 comparisons"],
    [
      "mixed types",
      any(13, '{"metadata.a":[1,""]}'),
      any(21, '{"metadata.a":[1,""]}'),
      "at most 40",
    ],
    ["depth", nested(8), nested(9), "nest at most 8 levels"],
    ["depth, far beyond", nested(8), nested(800), "nest at most 8 levels"],
    ["depth, out of reach", nested(8), nested(5000), "at most 8192 characters"],
    [
      "depth of a value",
      "{}",
      `{"name":${"[".repeat(4000)}${"]".repeat(4000)}}`,
      "must be a string",
    ],
  ])("in %s", ([, within, beyond, problem]) => {
    expect(problemsOf(within)).toEqual([]);
    expect(problemsOf(beyond)).toEqual([expect.stringContaining(problem)]);
  });

  it("so that the largest one still fits a statement of D1", async () => {
    await store({ metadata: '{"a":"x"}', name: "x" });
    const one = '{"metadata.a":"x"}';
    const filter = `{"$and":[${`${one},`.repeat(39)}{"metadata.a":[${'"x",'.repeat(10)}"x"]}]}`;
    expect(await found({ filter, search: "x" })).toBe("0");
  });
});

describe("a search", () => {
  it.for<[Partial<Group>, string, boolean]>([
    [{ name: "Rechnung MÄRZ" }, "märz", true],
    [{ description: "für Ärzte" }, "ÄRZT", true],
    [{ batchNumber: "B-7" }, "b-7", true],
    [{ tags: ["x", "Urgent"] }, "gent", true],
    [{ template: "hidden" }, "hidden", false],
    [{ name: "100%" }, "0%", true],
    [{ name: "100" }, "%", false],
    [{ name: "a_b" }, "a_b", true],
    [{ name: "axb" }, "a_b", false],
    [{ name: 'it\'s "a\\b"' }, "'S \"A\\", true],
    [{ name: "ΟΔΟΣΑΣ" }, "ΟΔΟΣ", true],
    [{ name: "οδος" }, "ΟΔΟΣ", true],
    [{ name: "two\nlines" }, "o\nl", true],
    [{ name: "two", description: "lines" }, "o\nl", false],
    [{ name: "two", description: "lines" }, "o\u001Fl", false],
    [{ name: "two\u001Flines" }, "o\u001Fl", true],
    [{ name: "a", tags: ["b", "c"] }, "\u001E", false],
  ])("in %j for %j answers %j", async ([group, search, matches]) => {
    await store(group);
    expect(await found({ search })).toBe(matches ? "0" : "");
  });
});

it("a search can drop its index for an export and build it again", async () => {
  await store({ name: "kept" });
  for (const event of ["insert", "update", "delete"]) {
    sqlite.exec(`DROP TRIGGER job_group_search_${event}`);
  }
  sqlite.exec("DROP TABLE job_group_search; DROP VIEW job_group_search_source");
  sqlite.exec(readFileSync("migrations/0002_search.sql", "utf8"));
  expect(await found({ search: "kept" })).toBe("");
  sqlite.exec("INSERT INTO job_group_search (job_group_search) VALUES ('rebuild')");
  expect(await found({ search: "kept" })).toBe("0");
});

describe("a list", () => {
  it("answers groups as they were stored", async () => {
    const stored = await store({
      priority: "high",
      tags: ["ä"],
      onFailure: false,
      metadata: '{"a":1}',
    });
    expect(await list()).toEqual({ groups: stored, total: 1, position: null });
  });

  it("shows no other workspace, whatever the filter", async () => {
    await store({ workspace: "other" });
    const filter = { $or: [{ name: "March" }, { name: { $ne: "March" } }] };
    expect(await list({ filter })).toEqual({ groups: [], total: 0, position: null });
  });

  it("sorts priority by rank, and what is not set first in ascending order", async () => {
    await store({ priority: "urgent", startedAt: 5 }, { priority: "low" }, { startedAt: 1 });
    expect(await found({ sort: "priority" })).toBe("120");
    expect(await found({ sort: "startedAt" })).toBe("120");
    expect(await found({ sort: "startedAt", order: "desc" })).toBe("021");
  });
});

type Scalar = string | number | boolean;
const LISTS = ["tags", "notifications.recipients"];
const DATES = ["createdAt", "updatedAt", "startedAt", "completedAt", "estimatedCompletionTime"];

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const inside = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

/** What the wire shows under a name, but times in milliseconds and priorities as ranks. */
function shown(group: Group, name: string): unknown {
  const [root, ...keys] = name.split(".");
  if (root === "metadata") return keys.reduce(inside, JSON.parse(group.metadata)) ?? undefined;
  const done = group.completedJobs + group.failedJobs;
  const wire: Json = {
    ...group,
    _id: group.id,
    priority: PRIORITIES.indexOf(group.priority),
    estimatedCompletionTime: group.estimatedCompletionAt,
    "processingSettings.parallelJobs": group.parallelJobs,
    "processingSettings.retryCount": group.retryCount,
    "processingSettings.timeoutMinutes": group.timeoutMinutes,
    "statistics.totalDocuments": done,
    "statistics.totalPages": group.totalPages,
    "statistics.averageProcessingTime":
      group.completedJobs === 0 ? 0 : group.totalProcessingMs / 1000 / group.completedJobs,
    "statistics.successRate": done === 0 ? 0 : group.completedJobs / done,
    "statistics.totalCost": group.totalCostMicros / 1e6,
    "statistics.currency": group.currency ?? "USD",
    "notifications.onCompletion": group.onCompletion,
    "notifications.onFailure": group.onFailure,
    "notifications.recipients": group.recipients,
  };
  return wire[name] ?? undefined;
}

/** By code points, as SQLite compares UTF-8; NaN for values of different types. */
function compare(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return typeof a === typeof b ? Number(a) - Number(b) : Number.NaN;
}

function compareGroups(a: Group, b: Group, sort: string): number {
  const [x, y] = [shown(a, sort), shown(b, sort)];
  const isSet = Number(x !== undefined) - Number(y !== undefined);
  const byValue = isSet || (x === undefined ? 0 : compare(x, y));
  if (sort === "_id") return byValue;
  return byValue || a.createdAt - b.createdAt || compare(a.id, b.id);
}

/** A filter and its meaning, generated side by side. */
interface Case {
  readonly filter: Json;
  readonly holds: (group: Group) => boolean;
}

function operand(name: string, value: Scalar): Scalar {
  if (name === "priority") return PRIORITIES.findIndex((priority) => priority === value);
  return DATES.includes(name) ? Date.parse(String(value)) : value;
}

function isAmong(group: Group, name: string, values: readonly Scalar[]): boolean {
  const value = shown(group, name);
  if (LISTS.includes(name) && Array.isArray(value)) return values.some((v) => value.includes(v));
  return values.some((one) => value === operand(name, one));
}

function isSet(group: Group, name: string): boolean {
  const value = shown(group, name);
  return LISTS.includes(name) && Array.isArray(value) ? value.length > 0 : value !== undefined;
}

const ORDERINGS = {
  $gt: (order: number) => order > 0,
  $gte: (order: number) => order >= 0,
  $lt: (order: number) => order < 0,
  $lte: (order: number) => order <= 0,
};

const pick = fc.constantFrom;
const short = ["", "a", "A", "ab", "é", "1", "true", "%", "'\"\\", "\uFFFD", "😀"];
const text = pick(...short, "abcab", "BCA* (x)", 'Ärzte "AND" \'b', "ΟΔΟΣ😀😀ς");
const time = pick(0, 1, 1_000, 1_767_225_600_123);
const amount = pick(0, 1, 2, 3, 0.5, 1 / 3, 2 / 3, 0.1, 0.3, 1.1, -1, 1e-6);
const small = fc.nat({ max: 3 });
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 2 });
const scalar: fc.Arbitrary<Scalar> = fc.oneof(text, amount, fc.boolean());
const key = pick("a", "b", 'q"\\', "é\n", "a[0]");
const metadataValue = fc.oneof(
  { weight: 4, arbitrary: scalar },
  pick(null, ["a"], [], {}, [1]),
  fc.dictionary(key, scalar),
);

const anyRow = fc.record({
  workspace: pick("w", "w", "w", "other"),
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
  estimatedCompletionAt: optional(time),
});

type Row = typeof anyRow extends fc.Arbitrary<infer T> ? T : never;
function addUp(row: Row): Partial<Group> {
  const totalJobs = row.pendingJobs + row.completedJobs + row.failedJobs + row.cancelledJobs;
  return { ...row, totalJobs, processingJobs: Math.min(1, row.pendingJobs) };
}

const valuesOf = new Map<string, fc.Arbitrary<Scalar>>([
  ["priority", pick(...PRIORITIES)],
  ["status", pick(...GROUP_STATUSES)],
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
const { anyFilter } = fc.letrec<{ anyFilter: Case }>((tie) => {
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

const folded = (text: string) => text.toLowerCase().replaceAll("ς", "σ");
const sought = (group: Group, search = "") =>
  [group.name, group.description, group.batchNumber, ...group.tags].some(
    (part) => part !== null && folded(part).includes(folded(search)),
  );

/** What the groups have become by updates, and by deletion where there is nothing to update them to. */
async function changed(groups: Group[], changes: [number, Partial<Group> | null][]) {
  const left = new Map(groups.entries());
  for (const [index, patch] of changes) {
    const group = left.get(index);
    if (group === undefined) continue;
    const where = eq(jobGroup.id, group.id);
    if (patch === null) {
      left.delete(index);
      await db.batch([db.delete(jobGroup).where(where)]);
    } else {
      const { id, workspace, createdAt } = group;
      const next = { ...group, ...patch, id, workspace, createdAt };
      left.set(index, next);
      const row = { ...next, ...derived(next) };
      await db.batch([db.update(jobGroup).set(row).where(where)]);
    }
  }
  return [...left.values()];
}

/** All groups of the list, page by page. */
async function walk(query: Parameters<typeof list>[0]): Promise<Group[]> {
  const { groups, total, position } = await list(query);
  expect(groups.length).toBeLessThanOrEqual(total);
  if (position === null) return groups;
  return [...groups, ...(await walk({ ...query, position }))];
}

/** Holds what triggers keep beside the groups against the groups. */
function expectUpkeep(): void {
  const all = (query: string) => sqlite.prepare(query).all();
  expect(all("SELECT * FROM job_group_count WHERE groups > 0 ORDER BY 1, 2, 3")).toEqual(
    all(`SELECT workspace, status, priority, count(*) AS groups FROM job_group
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`),
  );
  expect(all("SELECT * FROM job_group_tag ORDER BY 1, 2, 3, 4")).toEqual(
    all(`SELECT DISTINCT workspace, value AS tag, created_at, job_group.id AS group_id
      FROM job_group, json_each(tags) ORDER BY 1, 2, 3, 4`),
  );
  sqlite.exec(
    "INSERT INTO job_group_search (job_group_search, rank) VALUES ('integrity-check', 1)",
  );
}

it("lists what a plain evaluation of the same query lists, in the same order", async () => {
  const page = fc.record({
    search: fc.option(
      pick("a", "É", "\\", "😀", "bca", "bca*", "rZTE", '"and" \'', "οδοσ", "ς", "😀😀", "😀😀σ"),
      { nil: undefined, freq: 2 },
    ),
    sort: pick(...SORT_FIELDS),
    order: pick("asc", "desc"),
    limit: fc.integer({ min: 1, max: 8 }),
    offset: small,
  });
  const rows = fc.array(anyRow.map(addUp), { minLength: 1, maxLength: 8 });
  const changes = fc.array(fc.tuple(fc.nat({ max: 7 }), optional(anyRow.map(addUp))), {
    maxLength: 4,
  });
  const property = fc.asyncProperty(
    rows,
    changes,
    anyFilter,
    page,
    async (rows, changes, { filter, holds }, page) => {
      sqlite.exec("DELETE FROM job_group");
      const sign = page.order === "asc" ? 1 : -1;
      const matching = (await changed(await store(...rows), changes))
        .filter((group) => group.workspace === "w" && sought(group, page.search) && holds(group))
        .toSorted((a, b) => sign * compareGroups(a, b, page.sort));
      const groups = matching.slice(page.offset, page.offset + page.limit);
      expect(await list({ ...page, filter })).toMatchObject({ groups, total: matching.length });
      expect(await walk({ ...page, offset: 0, filter })).toEqual(matching);
      expectUpkeep();
    },
  );
  await fc.assert(property, { numRuns: 500 });
}, 30_000);
