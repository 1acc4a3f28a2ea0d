import { afterEach, expect, test, vi } from "vitest";
import { Courier } from "../../src/notify/courier.ts";
import { connect } from "../../src/store/db.ts";
import { takeDeliveries } from "../../src/store/write/outbox.ts";
import { Meter } from "../bench/workers/meter.ts";
import { newGroup } from "../support/workers/api.ts";
import { bindingsWith, database, SHARD } from "../support/workers/database.ts";

const WORKSPACE = "default";
const SILENT = "silent";
const OTHERS = ["w1", "w2", "w3"];

/** Due notices, as many to each destination. The silent one's are the oldest. */
async function insertNotices(
  groupId: string,
  counts: Record<string, number>,
  { channel = "webhook", payload = "{}" } = {},
) {
  const insert = database.prepare(
    `WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < ?6)
      INSERT INTO delivery (group_id, id, workspace, run, event, channel, destination, payload, status, attempts,
        due_at, created_at)
      SELECT ?1, ?2 || value, 'default', 1, 'job.failed', ?3, ?2, ?4, 'pending', 0, ?5, 0 FROM n`,
  );
  const rows = Object.entries(counts).map(([destination, count]) =>
    insert.bind(groupId, destination, channel, payload, destination === SILENT ? 1 : 2, count),
  );
  await database.batch(rows);
}

afterEach(async () => {
  vi.restoreAllMocks();
  await database.exec("DELETE FROM delivery");
});

test("notices that wait for a silent receiver are not read, however many they are", async () => {
  const groupId = await newGroup();
  const counts = { [SILENT]: 3_000, ...Object.fromEntries(OTHERS.map((name) => [name, 500])) };
  await insertNotices(groupId, counts);
  const meter = new Meter(database);
  const taking = { now: 1_000, until: 2_000, except: [SILENT], limit: 6 };
  const group = { workspace: WORKSPACE, groupId };
  const { deliveries } = await takeDeliveries(connect(database), group, taking);
  expect(deliveries).toHaveLength(6);
  expect(deliveries.map(({ destination }) => destination)).not.toContain(SILENT);
  expect(meter.take().rowsRead).toBeLessThan(200);
  const all = [SILENT, ...OTHERS];
  const none = await takeDeliveries(connect(database), group, { ...taking, except: all });
  expect(none.deliveries).toEqual([]);
  expect(meter.take().rowsRead).toBeLessThan(100);
});

test("the oldest notices to others are taken first", async () => {
  const groupId = await newGroup();
  await insertNotices(groupId, { [SILENT]: 20, w1: 3, w2: 10 });
  await database.prepare("UPDATE delivery SET due_at = 1 WHERE id IN ('w17', 'w12', 'w25')").run();
  const taking = { now: 1_000, until: 2_000, except: [SILENT], limit: 2 };
  const group = { workspace: WORKSPACE, groupId };
  const { deliveries } = await takeDeliveries(connect(database), group, taking);
  expect(deliveries.map(({ id }) => id).toSorted()).toEqual(["w12", "w25"]);
});

test("an e-mail whose errors cannot be read counts no attempt, and holds up no other message", async () => {
  const groupId = await newGroup();
  const payload = JSON.stringify({ type: "job.failed", data: { failedJobs: 1, groupId } });
  await insertNotices(groupId, { "a@example.com": 1 }, { channel: "email", payload });
  await insertNotices(groupId, { w1: 1 });
  const report = vi.spyOn(console, "error").mockReturnValue();
  const broken = {
    batch: (statements: D1PreparedStatement[]) => database.batch(statements),
    prepare: (text: string) => {
      if (text.includes("FROM job ")) throw new Error("D1_ERROR: Network connection lost.");
      return database.prepare(text);
    },
  } as D1Database;
  const working: Promise<void>[] = [];
  const courier = new Courier({
    env: bindingsWith(broken),
    wakeAt: () => Promise.resolve(),
    background: (work) => void working.push(work),
  });
  await courier.wake({ workspace: WORKSPACE, groupId, shard: SHARD });
  for (const work of working) await work;
  const { results } = await database
    .prepare("SELECT destination, status, attempts, last_error FROM delivery ORDER BY destination")
    .all();
  const lastError = "waits for the errors of the failed jobs";
  expect(results).toEqual([
    { destination: "a@example.com", status: "pending", attempts: 0, last_error: lastError },
    { destination: "w1", status: "dead", attempts: 0, last_error: "the webhook was deleted" },
  ]);
  expect(report).toHaveBeenCalledOnce();
});
