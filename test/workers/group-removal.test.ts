import {
  createScheduledController,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { Remover } from "../../src/coordinator/remover.ts";
import { RECEIPT_LIFETIME_MS } from "../../src/domain/receipt.ts";
import { REMOVED_AT_ONCE } from "../../src/domain/removal.ts";
import worker from "../../src/index.ts";
import { addNotices } from "../support/workers/add-notices.ts";
import { BASE, call, claim, data, newGroup } from "../support/workers/api.ts";
import { database, SHARD } from "../support/workers/database.ts";
import { FAULTS } from "../support/workers/faulty-d1.ts";
import { later, stopClock, stubOf } from "../support/workers/notifications.ts";

const LARGE = REMOVED_AT_ONCE.jobs + 1;
/** The receipt of a creation outlives its group. */
const RECEIPTS = "(SELECT * FROM receipt WHERE operation <> 'createJobGroup')";
const TABLES = ["job", "delivery", RECEIPTS, "group_removal"];

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const run = (text: string, ...values: unknown[]) =>
  database
    .prepare(text)
    .bind(...values)
    .run();
const count = async (table: string, group: string): Promise<number> =>
  (await run(`SELECT count(*) AS n FROM ${table} WHERE group_id = ?`, group)).results[0]?.[
    "n"
  ] as number;
const left = (group: string) => Promise.all(TABLES.map((table) => count(table, group)));
const alarmOf = (group: string) =>
  runInDurableObject(stubOf(group), (_, { storage }) => storage.getAlarm());

/** Alarms go off and do nothing of a removal. */
const holdBack = () => vi.spyOn(Remover.prototype, "run").mockResolvedValue();

/** Makes a group too large for one commit, with a notice that is dead. */
async function largeGroup(input: object = {}, headers = {}): Promise<string> {
  const body = { name: "Large", template: "t", ...input };
  const { _id: group } = (await call("POST", BASE, { body, headers })).body.data;
  for (let added = 0; added < LARGE; added += 1_000) {
    const jobs = Array.from({ length: Math.min(1_000, LARGE - added) }, (_, index) => ({
      documentName: `${added + index}.pdf`,
      jobNumber: `N-${added + index}`,
    }));
    const key = { "idempotency-key": `add-${group}-${added}` };
    await call("POST", `${BASE}/${group}/jobs`, { body: { jobs }, headers: key });
  }
  await data("POST", `${BASE}/${group}/process`);
  await run(
    `INSERT INTO delivery (group_id, id, workspace, run, event, channel, destination, payload, status, attempts, created_at)
      VALUES (?, '1', 'default', 1, 'job_group.failed', 'email', 'a@b.c', '{}', 'dead', 1, 0)`,
    group,
  );
  return group;
}

const remove = async (group: string) => (await call("DELETE", `${BASE}/${group}`)).status;

/** Wakes the object, and lets its alarm go off until nothing of the group is left. */
async function finish(group: string): Promise<void> {
  await stubOf(group).wake({ groupId: group, workspace: "default", shard: SHARD });
  const step = async () => {
    await runDurableObjectAlarm(stubOf(group));
    return left(group);
  };
  await expect.poll(step).toEqual([0, 0, 0, 0]);
  await expect.poll(() => alarmOf(group)).toBeNull();
}

test("a large group is gone for every reader at once, and its rows a little later", async () => {
  const input = { tags: ["of-large"], batchNumber: "of-large" };
  const seen = async () => ({
    lists: await Promise.all(
      [
        "",
        "?search=of-large",
        '?filter={"tags":"of-large"}',
        '?filter={"status":"processing"}',
      ].map(async (query) => (await call("GET", BASE + query)).body.total),
    ),
    metrics: (await call("GET", "/metrics")).body,
    numbered: (await call("GET", `${BASE}/jobs?jobNumber=N-1`)).body.total,
    lines: await run("SELECT count(*) AS n FROM claim_line").then(({ results }) => results),
  });
  const filter = { templates: ["t-large"], workerId: "w", maxJobs: 1 };
  await data("POST", `${BASE}/jobs/claim`, filter);
  const before = await seen();
  const group = await largeGroup({ ...input, template: "t-large" });
  const [lease] = await claim(group, 1);
  expect(await seen()).not.toEqual(before);
  holdBack();
  expect(await remove(group)).toBe(200);
  expect(await left(group)).toEqual([LARGE, 1, 2, 1]);
  expect(await seen()).toEqual(before);
  expect(await data("POST", `${BASE}/jobs/claim`, filter)).toEqual([]);
  const path = `${BASE}/${group}`;
  const job = `${path}/jobs/${lease.jobId}`;
  const reads = ["", "/jobs", "/errors", "/verify", "/notifications", "/results", "/events"];
  for (const read of [...reads.map((end) => path + end), job, `${job}/document`])
    expect((await call("GET", read)).status, read).toBe(404);
  const heartbeat = { leases: [{ groupId: group, jobId: lease.jobId, leaseId: lease.leaseId }] };
  expect(await data("POST", `${BASE}/jobs/heartbeat`, heartbeat)).toMatchObject([
    { code: "LEASE_LOST" },
  ]);
  const { leaseId } = lease;
  expect((await call("POST", `${job}/complete`, { body: { leaseId } })).status).toBe(404);
  expect(await remove(group)).toBe(404);
  vi.restoreAllMocks();
  await finish(group);
  expect((await run("SELECT 1 FROM job_group WHERE id = ?", group)).results).toEqual([]);
  expect(await seen()).toEqual(before);
});

test("a repeat under a key of a group that is being removed is not answered from its receipt", async () => {
  const group = await largeGroup();
  holdBack();
  await remove(group);
  const jobs = Array.from({ length: 1_000 }, (_, index) => ({
    documentName: `${index}.pdf`,
    jobNumber: `N-${index}`,
  }));
  const headers = { "idempotency-key": `add-${group}-0` };
  const repeat = await call("POST", `${BASE}/${group}/jobs`, { body: { jobs }, headers });
  expect(repeat.status).toBe(404);
});

test("the key of its creation is known to be that of a deleted group for a day after the removal, and then is free", async () => {
  stopClock();
  const headers = { "idempotency-key": "of-a-large-group" };
  const body = { name: "Large", template: "t" };
  const create = async () => (await call("POST", BASE, { body, headers })).status;
  const group = await largeGroup({}, headers);
  holdBack();
  await remove(group);
  later((2 * RECEIPT_LIFETIME_MS) / 1_000);
  expect(await create()).toBe(409);
  vi.restoreAllMocks();
  await finish(group);
  expect(await create()).toBe(409);
  later(RECEIPT_LIFETIME_MS / 1_000 + 1);
  expect(await create()).toBe(201);
});

test("a removal whose alarm was lost goes on within a minute of being overdue, and not before", async () => {
  stopClock();
  const group = await largeGroup();
  const held = holdBack();
  await remove(group);
  // The alarm that goes off is no longer set, and has yet to do its work.
  await expect.poll(() => held.mock.calls.length).toBeGreaterThan(0);
  await expect.poll(() => alarmOf(group)).toBeNull();
  held.mockRestore();
  const cron = () => worker.scheduled(createScheduledController({ cron: "* * * * *" }), env);
  later(59);
  await cron();
  expect(await count("job", group)).toBe(LARGE);
  later(1);
  await cron();
  await expect.poll(() => left(group)).toEqual([0, 0, 0, 0]);
});

test.each(Object.entries(FAULTS))(
  "the deletion of a large group whose first write %s is answered once and finished",
  async (_, breakDatabase) => {
    const group = await largeGroup();
    holdBack();
    breakDatabase();
    expect(await remove(group)).toBe(200);
    vi.restoreAllMocks();
    await finish(group);
  },
);

const SMALL: Record<string, (group: string) => Promise<unknown>> = {
  "more notices": (group) => addNotices(group, REMOVED_AT_ONCE.notices + 1),
  "more bytes of results": (group) =>
    run("UPDATE job SET extracted_data = hex(zeroblob(100000)) WHERE group_id = ?", group),
  "more bytes of metadata": (group) =>
    run("UPDATE job SET metadata = hex(zeroblob(100000)) WHERE group_id = ?", group),
};

test.each(Object.entries(SMALL))(
  "a group with few jobs and %s than one commit deletes is removed in steps too",
  async (_, enlarge) => {
    const group = await newGroup(REMOVED_AT_ONCE.uncountedJobs + 1);
    await enlarge(group);
    holdBack();
    expect(await remove(group)).toBe(200);
    expect(await count("group_removal", group)).toBe(1);
    vi.restoreAllMocks();
    await finish(group);
  },
);

test("the alarm removes what is left of a large group by itself", async () => {
  const group = await largeGroup();
  await remove(group);
  await expect.poll(() => left(group)).toEqual([0, 0, 0, 0]);
  await expect.poll(() => alarmOf(group)).toBeNull();
});

test("a small group goes in the commit that deletes it", async () => {
  const group = await newGroup(5);
  const held = holdBack();
  expect(await remove(group)).toBe(200);
  expect(await left(group)).toEqual([0, 0, 0, 0]);
  expect(held).not.toHaveBeenCalled();
});
