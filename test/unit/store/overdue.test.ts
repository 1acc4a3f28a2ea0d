import { expect, test } from "vitest";
import type { GroupKey } from "../../../src/domain/group.ts";
import { leaseEnd } from "../../../src/domain/lease.ts";
import { readOverdueGroups } from "../../../src/store/read/overdue.ts";
import { pruneDeliveries } from "../../../src/store/write/prune-deliveries.ts";
import { seed } from "../../bench/seed.ts";
import { NodeD1 } from "../../support/node-d1.ts";

const NOW = 1_000_000;
const d1 = new NodeD1().migrate();
seed(d1.sqlite, 300);
const ids = d1.sqlite
  .prepare("SELECT id FROM job_group ORDER BY id")
  .all()
  .map(({ id }) => String(id));

/** Ten notices for each group, due at the time told. */
function notices(groups: readonly string[], dueAt: number | null, deliveredAt: number | null) {
  const insert = d1.sqlite.prepare(
    `INSERT INTO delivery (group_id, id, run, event, channel, destination, payload, status, attempts, due_at, delivered_at, created_at)
     VALUES (?, ?, 1, 'job.failed', 'webhook', 'w', '{}', 'pending', 0, ?, ?, 0)`,
  );
  for (const group of groups) {
    for (let nth = 0; nth < 10; nth++) {
      insert.run(group, `${dueAt}.${deliveredAt}.${nth}`, dueAt, deliveredAt);
    }
  }
}
const idsOf = (groups: readonly GroupKey[]) => groups.map(({ groupId }) => groupId);
const look = async (from: string, page: number, limit: number) =>
  idsOf(await readOverdueGroups(d1.db, { from, before: NOW, page, limit }));

test("groups with overdue notices are found once each, from a place on, within the page and the limit", async () => {
  notices(ids.slice(0, 10), NOW, null);
  notices(ids.slice(10, 20), NOW + 1, null);
  notices(ids.slice(20, 30), NOW - 1, null);
  expect(await look("", 500, 50)).toEqual([...ids.slice(0, 10), ...ids.slice(20, 30)]);
  expect(await look(ids[5] ?? "", 500, 50)).toEqual([...ids.slice(5, 10), ...ids.slice(20, 30)]);
  expect(await look("", 7, 50)).toEqual(ids.slice(0, 7));
  expect(await look("", 500, 3)).toEqual(ids.slice(0, 3));
});

test("a lease is overdue when the domain says that it has ended", async () => {
  const d1 = new NodeD1().migrate();
  seed(d1.sqlite, 1);
  const id = String(d1.sqlite.prepare("SELECT id FROM job_group").get()?.["id"]);
  const group = d1.sqlite.prepare(
    "UPDATE job_group SET status = 'processing', leased_jobs = '[\"00003\"]', beats = ?",
  );
  const job = d1.sqlite.prepare(
    `INSERT OR REPLACE INTO job (key, keyed, group_id, id, workspace, document_name, status, attempts, created_at, updated_at,
       lease_id, leased_at, lease_expires_at, heartbeat_seconds) VALUES ((1 << 20) + 3, 1, ?, '00003', '', '', 'processing', 1, 0, 0, ?, ?, ?, ?)`,
  );
  const leaseId = "0123456789abcdef0123456789abcdef";
  const attempt = { leaseId, leasedAt: 1_000_000, attemptEndsAt: 1_300_000 };
  for (const heartbeatSeconds of [null, 15, 600]) {
    for (const beat of [null, 990_000, 1_010_000]) {
      const beats = new Map(beat === null ? [] : [[leaseId, beat]]);
      group.run(JSON.stringify(Object.fromEntries(beats)));
      job.run(id, ...Object.values(attempt), heartbeatSeconds);
      const end = leaseEnd(beats, { ...attempt, heartbeatSeconds }) ?? 0;
      const at = async (before: number) =>
        idsOf(await readOverdueGroups(d1.db, { from: "", before, page: 500, limit: 50 }));
      expect([await at(end - 1), await at(end)]).toEqual([[], [id]]);
    }
  }
});

test("the watchdog reads through its indexes alone", async () => {
  await look("", 500, 50);
  for (const plan of d1.plans()) expect(plan).not.toMatch(/SCAN (job_group|delivery|job)\b/);
  await pruneDeliveries(d1.db, NOW, 5);
  for (const plan of d1.plans()) expect(plan).not.toMatch(/SCAN (job_group|delivery|job)\b/);
});

test("one step prunes the oldest deliveries, no more than it may", async () => {
  notices(ids.slice(40, 41), null, NOW - 1);
  notices(ids.slice(41, 42), null, NOW);
  notices(ids.slice(42, 43), null, NOW + 1);
  const left = () =>
    d1.sqlite
      .prepare("SELECT delivered_at, count(*) AS n FROM delivery WHERE delivered_at > 0 GROUP BY 1")
      .all()
      .map(({ delivered_at: at, n }) => [at, n]);
  await pruneDeliveries(d1.db, NOW, 12);
  expect(left()).toEqual([
    [NOW, 8],
    [NOW + 1, 10],
  ]);
  await pruneDeliveries(d1.db, NOW, 12);
  expect(left()).toEqual([[NOW + 1, 10]]);
});
