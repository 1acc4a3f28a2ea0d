import { beforeEach, describe, expect, it } from "vitest";
import type { CommittedGroup, Priority } from "../../../src/domain/group.ts";
import { UNFILLED } from "../../../src/store/schema.ts";
import { forgetFilters, keepFilter } from "../../../src/store/write/claim-filters.ts";
import { fillFurther } from "../../../src/store/write/fill-line.ts";
import { randomFrom } from "../../support/random.ts";
import { db, sqlite, store } from "../list/store.ts";

const LINE = { workspace: "w", filterId: "f" };
const FILTER = { templates: ["a"], tags: [] };
const OPEN = { status: "queued", claimableAt: 0, totalJobs: 1, pendingJobs: 1 } as const;

beforeEach(() => sqlite.exec("DELETE FROM job_group; DELETE FROM claim_filter"));

const rows = (text: string) =>
  sqlite
    .prepare(text)
    .all()
    .map((row) => JSON.stringify(row));
const kept = () => rows("SELECT * FROM claim_line ORDER BY 1, 2, 3, 4, 5");
const matching = () => rows("SELECT * FROM claim_match ORDER BY 1, 2, 3, 4, 5");
const filters = () => rows("SELECT id FROM claim_filter").length;

function storeFilter() {
  const insert = "INSERT INTO claim_filter (workspace, id, templates, tags, asked_at) VALUES";
  sqlite.exec(`${insert} ('w', 'f', '["a"]', '[]', ${Date.now()})`);
}

/** So many groups, all alike but for their age. */
async function groups(count: number, fields: object = {}): Promise<void> {
  await store({ ...OPEN, id: "0000", template: "a", ...fields });
  const columns = rows(
    "SELECT name FROM pragma_table_info('job_group') WHERE name NOT IN ('rowid', 'id', 'created_at', 'claim_order')",
  ).map((row) => JSON.parse(row).name);
  sqlite.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count - 1})
    INSERT INTO job_group (id, created_at, claim_order, ${columns.join()})
    SELECT printf('%04d', i), i, i, ${columns.join()} FROM n, job_group WHERE id = '0000'`);
}

describe("the line of a new filter", () => {
  it("is filled in steps while groups come, change and go, and lacks and invents none in the end", async () => {
    const seed = Date.now() % 1_000_000;
    const random = randomFrom(seed);
    const among = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
    for (let round = 0; round < 60; round++) {
      sqlite.exec("DELETE FROM job_group; DELETE FROM claim_filter");
      const fields = () => ({
        ...OPEN,
        template: among("a", "a", "b"),
        priority: among<Priority>("low", "urgent"),
        createdAt: among(1, 2, 3),
        claimableAt: among(0, 0, 5),
        parallelJobs: 1,
        ...among<Partial<CommittedGroup>>(
          { status: "queued" },
          { status: "processing" },
          { status: "processing", processingJobs: 1 },
        ),
      });
      for (let id = 0; id < 8; id++) await store({ ...fields(), id: String(id) });
      storeFilter();
      for (let fill: string | null = UNFILLED; fill !== null;) {
        if (random() < 0.7) ({ fill } = await fillFurther(db, LINE, fill, 2));
        const id = String(among(0, 1, 2, 3, 4, 5, 6, 7));
        sqlite.prepare("DELETE FROM job_group WHERE id = ?").run(id);
        if (random() < 0.9) await store({ ...fields(), id });
        const all = new Set(matching());
        expect(
          kept().filter((line) => !all.has(line)),
          `seed ${seed}`,
        ).toEqual([]);
      }
      expect(kept(), `seed ${seed}`).toEqual(matching());
    }
  });

  it("begins with the groups that a claim takes first", async () => {
    await groups(5);
    await store({ ...OPEN, id: "9", template: "a", priority: "urgent", createdAt: 9 });
    sqlite.exec("UPDATE job_group SET status = 'processing' WHERE id = '0003'");
    storeFilter();
    await fillFurther(db, LINE, UNFILLED, 2);
    expect(rows("SELECT group_id FROM claim_line")).toEqual([
      '{"group_id":"9"}',
      '{"group_id":"0000"}',
    ]);
  });

  it("takes a step again that another claim has taken, or that ended without an answer", async () => {
    await groups(5);
    storeFilter();
    const once = await fillFurther(db, LINE, UNFILLED, 2);
    expect(await fillFurther(db, LINE, UNFILLED, 2)).toMatchObject({ fill: UNFILLED });
    expect(rows("SELECT fill FROM claim_filter")).toEqual([JSON.stringify({ fill: once.fill })]);
    expect(kept()).toHaveLength(2);
  });

  it("is not whole before a claim has looked at all groups, a thousand a statement", async () => {
    await groups(2_500);
    expect(await keepFilter(db, LINE, FILTER, Date.now())).toBe(false);
    expect(kept()).toHaveLength(1_000);
    expect(await keepFilter(db, LINE, FILTER, Date.now())).toBe(false);
    expect(await keepFilter(db, LINE, FILTER, Date.now())).toBe(true);
    expect(kept()).toEqual(matching());
  });

  it("is looked for through thousands of groups of others by one claim", async () => {
    await groups(2_500, { template: "b", priority: "urgent" });
    await store({ ...OPEN, id: "last", template: "a" });
    expect(await keepFilter(db, LINE, FILTER, Date.now())).toBe(true);
    expect(kept()).toHaveLength(1);
  });
});

describe("a forgotten filter", () => {
  const longAgo = () => sqlite.exec("UPDATE claim_filter SET asked_at = 1");

  it("goes when its lines have gone, a thousand a statement", async () => {
    await groups(12_500);
    storeFilter();
    for (let fill: string | null = UNFILLED; fill !== null;) {
      ({ fill } = await fillFurther(db, LINE, fill, 5_000));
    }
    longAgo();
    await forgetFilters(db, Date.now());
    expect([filters(), kept().length]).toEqual([1, 2_500]);
    await forgetFilters(db, Date.now());
    expect([filters(), kept().length]).toEqual([0, 0]);
  });

  it("has all of its groups again when a claim asks for it before it has gone", async () => {
    await groups(500);
    expect(await keepFilter(db, LINE, FILTER, Date.now())).toBe(true);
    sqlite.exec("UPDATE claim_filter SET asked_at = 0, fill = '" + UNFILLED + "'");
    sqlite.exec("DELETE FROM claim_line WHERE group_id < '0300'");
    expect(await keepFilter(db, LINE, FILTER, Date.now())).toBe(true);
    expect(kept()).toEqual(matching());
    await forgetFilters(db, Date.now());
    expect(kept()).toHaveLength(500);
  });
});
