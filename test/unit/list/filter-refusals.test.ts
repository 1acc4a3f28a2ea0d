import { beforeEach, describe, expect, it } from "vitest";
import { sqlite, store, found, problemsOf } from "./store.ts";

beforeEach(() => sqlite.exec("DELETE FROM job_group"));

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
    [
      "comparisons of metadata",
      any(8, '{"metadata.a":"x"}'),
      any(9, '{"metadata.a":"x"}'),
      "at most 8 comparisons of metadata",
    ],
    ["empty filters", any(40, "{}"), any(41, "{}"), "at most 40 comparisons"],
    [
      "mixed types",
      any(4, '{"metadata.a":[1,""]}'),
      any(5, '{"metadata.a":[1,""]}'),
      "at most 8 comparisons of metadata",
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
    await store({ metadata: '{"a":"x"}', name: "x", tags: ["x"] });
    const [one, other] = ['{"metadata.a":"x"}', '{"tags":"x"}'];
    const filter = `{"$and":[${`${one},`.repeat(7)}${`${other},`.repeat(32)}{"metadata.a":[${'"x",'.repeat(10)}"x"]}]}`;
    expect(await found({ filter, search: "x" })).toBe("0");
  });
});
