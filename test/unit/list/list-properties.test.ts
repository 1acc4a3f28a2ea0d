import { eq } from "drizzle-orm";
import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { CommittedGroup as Group } from "../../../src/domain/group.ts";
import { SORT_FIELDS } from "../../../src/store/read/list/fields.ts";
import { derived } from "../../../src/store/write/group-columns.ts";
import { jobGroup } from "../../../src/store/schema.ts";
import { pick, optional, small, anyRow, addUp, anyFilter } from "./arbitraries.ts";
import { compareGroups, sought } from "./meaning.ts";
import { db, list, problemsOf, sqlite, store } from "./store.ts";

/** Changes the groups, and deletes those whose patch is `null`. Returns the groups that are left. */
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
      // Arbitrary filters may compare metadata more often than a filter may.
      fc.pre(problemsOf(JSON.stringify(filter)).length === 0);
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
