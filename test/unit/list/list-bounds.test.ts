import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import type { CommittedGroup as Group } from "../../../src/domain/group.ts";
import type { Position } from "../../../src/store/read/list/keyset.ts";
import type { ListBounds } from "../../../src/store/read/list/candidates.ts";
import { SORT_FIELDS } from "../../../src/store/read/list/fields.ts";
import { pick, anyRow, addUp, anyFilter } from "./arbitraries.ts";
import { compareGroups, sought } from "./meaning.ts";
import { list, problemsOf, sqlite, store, tryList } from "./store.ts";

const BOUNDS = {
  examined: 4,
  bytes: 10_000,
  passed: 6,
  searched: 6,
  weighedFrom: 3,
  walkedFrom: 2,
  walked: 3,
  counted: 3,
  countedOfCommon: 2,
};

const clear = () =>
  sqlite.exec("DELETE FROM job_group; DELETE FROM job_group_count; DELETE FROM search_scope");

beforeEach(clear);

type Query = Parameters<typeof tryList>[0] & { limit: number; offset: number };

/** The index is asked by its phrase, however many pages that leads through. */
const BY_PHRASE = { ...BOUNDS, searched: 1_000, weighedFrom: 1_000 };
/** The rare trigrams are weighed against the phrase. */
const WEIGHED = { ...BOUNDS, searched: 1_000, weighedFrom: 0 };

/** Reads a page and the next one: each is refused, or part of what matches. */
async function expectPart(
  query: Query,
  bounds: ListBounds,
  stored: number,
  matching: readonly Group[],
): Promise<void> {
  const { offset, limit } = query;
  const read = await tryList(query, bounds);
  expect(typeof read === "string" && stored <= BOUNDS.examined, "refused without need").toBe(false);
  if (typeof read === "string") return;
  const { groups, total, isCapped, position } = read;
  expect(groups).toEqual(matching.slice(offset, offset + limit));
  const shown = groups.length === 0 ? 0 : offset + groups.length;
  expect(position === null).toBe(shown === 0 || shown >= matching.length);
  expect(total).toBeLessThanOrEqual(matching.length);
  expect(total).toBeGreaterThanOrEqual(isCapped ? shown : matching.length);
  const next = position && (await tryList({ ...query, offset: 0, position }, bounds));
  if (next === null || typeof next === "string") return;
  expect(next.groups).toEqual(matching.slice(offset + limit, offset + 2 * limit));
}

it("a bounded list is refused, or is the page that an unbounded one would be", async () => {
  const page = fc.record({
    search: fc.option(pick("a", "bca", "rZTE", "abcab", "😀😀"), { nil: undefined, freq: 2 }),
    sort: pick(...SORT_FIELDS),
    order: pick("asc", "desc"),
    limit: fc.integer({ min: 1, max: 8 }),
    offset: fc.integer({ min: 0, max: 9 }),
  });
  const rows = fc.array(anyRow.map(addUp), { minLength: 1, maxLength: 12 });
  const property = fc.asyncProperty(
    rows,
    anyFilter,
    page,
    pick(BOUNDS, BY_PHRASE, WEIGHED),
    async (rows, { filter, holds }, page, bounds) => {
      fc.pre(problemsOf(JSON.stringify(filter)).length === 0);
      clear();
      const stored = await store(...rows);
      const sign = page.order === "asc" ? 1 : -1;
      const matching = stored
        .filter((group) => group.workspace === "w" && sought(group, page.search) && holds(group))
        .toSorted((a, b) => sign * compareGroups(a, b, page.sort));
      for (const offset of [page.offset, 0]) {
        await expectPart({ ...page, offset, filter }, bounds, stored.length, matching);
      }
    },
  );
  await fc.assert(property, { numRuns: 800 });
}, 60_000);

const six = () =>
  store(...Array.from({ length: 6 }, (_, at) => ({ createdAt: at, totalPages: at })));
const bounded = (query: Parameters<typeof tryList>[0]) => tryList(query, BOUNDS);

describe("of more groups than it may look at, a list", () => {
  it("is refused when it has to sort them", async () => {
    await six();
    expect(await bounded({ sort: "updatedAt" })).toBe("examined");
    const filter = { createdAt: { $gte: "1970-01-01T00:00:00.002Z" } };
    expect(await bounded({ sort: "updatedAt", filter })).toMatchObject({
      total: 4,
      isCapped: false,
    });
  });

  it("is refused when too few of the first match", async () => {
    await six();
    const query = { sort: "createdAt", order: "desc" } as const;
    const filter = { "statistics.totalPages": { $lte: 1 } };
    expect(await bounded({ ...query, filter, limit: 1 })).toBe("examined");
    expect(await bounded({ ...query, order: "asc", filter, limit: 1 })).toMatchObject({
      groups: [{ id: "0" }],
      total: 2,
      isCapped: true,
    });
  });

  it("is refused when the texts that it goes through are too long", async () => {
    const metadata = JSON.stringify({ a: "x".repeat(6_000) });
    await store({ metadata }, { metadata }, { metadata });
    const filter = { "metadata.a": "y" };
    expect(await bounded({ sort: "createdAt", filter })).toBe("examined");
    const { groups } = await list({ sort: "createdAt", filter });
    expect(groups).toEqual([]);
  });

  it("counts so many and says that there may be more", async () => {
    await six();
    const filter = { template: "t" };
    const query = { sort: "createdAt", order: "asc", filter, limit: 1 } as const;
    expect(await bounded(query)).toMatchObject({ total: 2, isCapped: true });
    expect(await bounded({ ...query, offset: 4 })).toMatchObject({ total: 6, isCapped: true });
    expect(await bounded({ sort: "createdAt" })).toMatchObject({ total: 6, isCapped: false });
  });
});

describe("a search in the index", () => {
  const search = "abcd";
  const query = { search, sort: "createdAt", order: "asc", limit: 2 } as const;
  const named = (...names: string[]) =>
    store(...names.map((name, createdAt) => ({ name, createdAt })));

  it("is refused when its trigrams are common and none of the first groups has it", async () => {
    await named(...Array.from({ length: 6 }, () => "abc bcd"));
    expect(await tryList(query, { ...BOUNDS, searched: 0, weighedFrom: 1_000 })).toBe("examined");
    expect(await tryList(query, BY_PHRASE)).toMatchObject({ total: 0, isCapped: false });
  });

  it("is refused when its trigrams are common in other workspaces", async () => {
    await named("x", "x", "x", "x", "x", search);
    const other = { name: "abc bcd", workspace: "other" };
    await store(...["6", "7", "8", "9", "10"].map((id) => ({ ...other, id })));
    expect(await tryList(query, { ...BOUNDS, searched: 0 })).toBe("examined");
    expect(await tryList(query, BY_PHRASE)).toMatchObject({ total: 1, isCapped: false });
  });

  it("looks for a rare trigram where the phrase would lead through too many pages", async () => {
    await named("bcd", "abcd", "bcd", "abc bcd", "bcd", "bcd", "bcd");
    for (const weighedFrom of [1, 1_000]) {
      const page = await tryList(query, { ...BOUNDS, searched: 0, weighedFrom });
      expect(page).toMatchObject({ groups: [{ id: "1" }], total: 1, isCapped: false });
    }
  });

  it("looks through long texts no further than other lists do", async () => {
    const description = `bcd ${"x".repeat(4_000)}`;
    await store(...Array.from({ length: 3 }, () => ({ name: "abc", description })));
    const bounds = { ...BOUNDS, weighedFrom: 1 };
    expect(await tryList({ ...query, search: "abcdx" }, bounds)).toBe("examined");
    expect(await tryList(query, { ...bounds, bytes: 100_000 })).toMatchObject({ total: 0 });
  });

  it("finds a text that is longer than what the index is asked for", async () => {
    const long = "one two three four five six seven";
    await named(long, `${long} eight`, long.slice(0, 30));
    const page = await list({ ...query, search: `${long} eight` });
    expect(page).toMatchObject({ groups: [{ id: "1" }], total: 1 });
  });

  it("counts no group of a workspace whose name ends alike", async () => {
    await named(search, search, search);
    const other = { name: search, workspace: "--w" };
    await store({ ...other, id: "6" });
    expect(await tryList(query, BY_PHRASE)).toMatchObject({ total: 3, groups: [{}, {}] });
    await store({ ...other, id: "7" });
    expect(await tryList(query, BY_PHRASE)).toMatchObject({ total: 3, groups: [{}, {}] });
  });

  it("counts more hits than it may look at up to that bound", async () => {
    await named(search, search, search, search, search, search);
    expect(await tryList(query, BY_PHRASE)).toMatchObject({ total: 4, isCapped: true });
  });

  it("goes on where a page among many hits ends, however far apart they are", async () => {
    await named(search, "x", "x", "x", "x", search, search, "x", "x", search);
    const seen: string[] = [];
    for (let position: Position | null | undefined; position !== null;) {
      const page = await tryList({ ...query, position: position ?? undefined }, BY_PHRASE);
      if (typeof page === "string") throw new Error(page);
      expect(page.total).toBe(4);
      seen.push(...page.groups.map(({ id }) => id));
      ({ position } = page);
    }
    expect(seen).toEqual(["0", "5", "6", "9"]);
  });
});

it("an offset skips so many groups, and beyond the last group shows none", async () => {
  await six();
  const deep = { sort: "createdAt", offset: 1_000 } as const;
  expect(await bounded(deep)).toMatchObject({ groups: [], total: 6, position: null });
  await store({ id: "6" });
  expect(await bounded(deep)).toBe("passed");
});
