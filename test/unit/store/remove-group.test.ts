import { expect, test } from "vitest";
import { endRemoval, REMOVED_KINDS, removeSome } from "../../../src/store/write/remove-group.ts";
import { seed } from "../../bench/seed.ts";
import { recount } from "../../crash/recount.ts";
import { NodeD1 } from "../../support/node-d1.ts";

const NOW = 1_000_000;

/** A hidden group with jobs whose results have so many bytes, notices, receipts and the receipt of its creation. */
function hidden(jobs: number, bytes: number, others: number) {
  const d1 = new NodeD1().migrate();
  seed(d1.sqlite, 1);
  const { sqlite } = d1;
  const group = String(sqlite.prepare("SELECT id FROM job_group").get()?.["id"]);
  const each = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
  sqlite.exec(`PRAGMA foreign_keys = ON; UPDATE job_group SET workspace = '';
    INSERT INTO group_removal VALUES ('${group}', 'w', 0);
    INSERT INTO receipt VALUES ('w', 'createJobGroup', 'k', '${group}', '', 0, 'null', NULL)`);
  sqlite
    .prepare(
      `${each} INSERT INTO job (key, keyed, group_id, id, workspace, document_name, status, attempts, created_at, updated_at, extracted_data)
        SELECT (1 << 20) + i, 1, '${group}', printf('%05x', i), 'w', 'a.pdf', 'completed', 1, 0, 0, zeroblob(${bytes}) FROM n`,
    )
    .run(jobs);
  sqlite
    .prepare(
      `${each} INSERT INTO delivery (group_id, id, run, event, channel, destination, payload, status, attempts, created_at)
        SELECT '${group}', printf('%08d', i), 1, 'job.failed', 'webhook', 'w', '{}', 'pending', 0, 0 FROM n`,
    )
    .run(others);
  sqlite
    .prepare(
      `${each} INSERT INTO receipt SELECT 'w', 'claimJobs', i, '${group}', '', 0, 'null', ${2 * NOW} FROM n`,
    )
    .run(others);
  const count = (table: string) =>
    Number(sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.["n"]);
  return { d1, group, count };
}

test("the statements of a removal are bounded in rows and in bytes, and leave nothing", async () => {
  const { d1, group, count } = hidden(5_000, 20_000, 4_500);
  const deleted: Record<string, number[]> = {};
  for (const kind of REMOVED_KINDS) {
    const steps = (deleted[kind] = [] as number[]);
    for (let rows = 1; rows > 0; steps.push(rows)) rows = await removeSome(d1.db, group, kind);
  }
  expect(deleted["delivery"]).toEqual([2_000, 2_000, 500, 0]);
  expect(deleted["receipt"]).toEqual([...Array.from({ length: 9 }, () => 500), 0]);
  expect(Math.max(...(deleted["job"] ?? []))).toBe(150);
  expect(await endRemoval(d1.db, group, NOW)).toBe(true);
  const tables = ["job_group", "job", "delivery", "group_removal"];
  expect(tables.map(count)).toEqual([0, 0, 0, 0]);
  const left = d1.sqlite.prepare("SELECT operation, expires_at > ? AS later FROM receipt").all(NOW);
  expect(left.map((row) => ({ ...row }))).toEqual([{ operation: "createJobGroup", later: 1 }]);
});

test("a result larger than a step goes alone", async () => {
  const { d1, group } = hidden(3, 17_000_000, 0);
  expect(await removeSome(d1.db, group, "job")).toBe(1);
});

test("a removal does not end while rows are left", async () => {
  const { d1, group, count } = hidden(1, 10, 0);
  expect(await endRemoval(d1.db, group, NOW)).toBe(false);
  expect([count("job_group"), count("job"), count("group_removal")]).toEqual([1, 1, 1]);
});

test("a step that comes late deletes nothing of a group that is not being removed", async () => {
  const { d1, group, count } = hidden(10, 10, 10);
  d1.sqlite.exec("DELETE FROM group_removal");
  for (const kind of REMOVED_KINDS) expect(await removeSome(d1.db, group, kind)).toBe(0);
  expect([count("job"), count("delivery"), count("receipt")]).toEqual([10, 10, 11]);
});

test("a recount tells of a hidden group that nobody will remove, and of one to be removed that is seen", () => {
  const { d1, group } = hidden(1, 0, 0);
  expect(recount(d1.sqlite).unlike).toEqual([]);
  d1.sqlite.exec("DELETE FROM group_removal");
  expect(recount(d1.sqlite).unlike).toMatchObject([{ group: { id: group } }]);
  d1.sqlite.exec(`INSERT INTO group_removal VALUES ('${group}', 'w', 0);
    UPDATE job_group SET workspace = 'w', total_jobs = 1, completed_jobs = 1`);
  expect(recount(d1.sqlite).unlike).toMatchObject([{ found: [["workspace", "half removed"]] }]);
});
