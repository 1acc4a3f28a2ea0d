import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const cancel = (group: string, jobIds: readonly string[], headers: Record<string, string> = {}) =>
  call("POST", `${BASE}/${group}/cancel`, { body: { jobIds }, headers });

const idsOf = async (group: string): Promise<string[]> =>
  (await data("GET", `${BASE}/${group}/jobs`)).map(({ jobId }: Json) => jobId);

const expectExact = async (group: string): Promise<void> =>
  expect(await data("GET", `${BASE}/${group}/verify`)).toMatchObject({ consistent: true });

/** Claims and completes job by job until none is left. Answers their ids in the order of the claims. */
async function drained(group: string, forget: boolean): Promise<string[]> {
  const claimed: string[] = [];
  for (;;) {
    if (forget) await evictDurableObject(env.GROUP_COORDINATOR.getByName(group));
    const leases = await claim(group, 7);
    if (leases.length === 0) return claimed;
    claimed.push(...leases.map(({ jobId }: Json) => jobId));
    await Promise.all(leases.map((lease: Json) => settle(group, lease, "complete", { pages: 1 })));
  }
}

test.each([true, false])(
  "the jobs around a hole of cancelled ones are all claimed, in their order, the object forgotten: %s",
  async (forget) => {
    const group = await newGroup(160, { settings: { parallelJobs: 10 } });
    const ids = await idsOf(group);
    const dropped = [...ids.slice(0, 3), ...ids.slice(20, 140), ...ids.slice(158)];
    expect((await cancel(group, dropped)).body.data).toMatchObject({ cancelledJobs: 125 });
    await expectExact(group);
    const left = ids.filter((id) => !dropped.includes(id));
    expect(await drained(group, forget)).toEqual(left);
    expect(await data("GET", `${BASE}/${group}`)).toMatchObject({
      status: "completed",
      outcome: "partial",
      completedJobs: 35,
    });
    await expectExact(group);
  },
);

test("a thousand jobs cancelled behind the next one cost later claims no row of theirs", async () => {
  const group = await newGroup(1_002, { settings: { parallelJobs: 10 } });
  const ids = await idsOf(group);
  await cancel(group, ids.slice(1, 1_001));
  expect(await claim(group, 2)).toHaveLength(2);
  await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "late.pdf" }] });
  await evictDurableObject(env.GROUP_COORDINATOR.getByName(group));
  const meter = new Meter(database);
  expect(await claim(group, 2)).toHaveLength(1);
  expect(meter.take().rowsRead).toBeLessThan(30);
});

test("the lease of a cancelled job is lost, its history tells, and its place is free", async () => {
  const group = await newGroup(3, { settings: { parallelJobs: 1 } });
  const [lease] = await claim(group, 1);
  await cancel(group, [lease.jobId]);
  expect((await settle(group, lease, "complete")).body.code).toBe("LEASE_LOST");
  const job = await data("GET", `${BASE}/${group}/jobs/${lease.jobId}`);
  expect(job).toMatchObject({ status: "cancelled", history: [{ outcome: "cancelled" }] });
  expect(await claim(group, 1)).toHaveLength(1);
  await expectExact(group);
});

test("finished, unknown and foreign jobs are left alone, and a repeat is harmless", async () => {
  const [group, other] = [await newGroup(3), await newGroup(1)];
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete");
  const [first = "", second = ""] = await idsOf(group);
  const [foreign = ""] = await idsOf(other);
  expect((await cancel(group, [first, foreign, "none"])).body.code).toBe("NOTHING_TO_CANCEL");
  const key = { "idempotency-key": "once" };
  const { body } = await cancel(group, [first, second, foreign], key);
  expect(body.data).toMatchObject({ completedJobs: 1, cancelledJobs: 1, pendingJobs: 1 });
  const again = await cancel(group, [second]);
  expect(again.body.data).toEqual(body.data);
  expect(
    (await cancel(group, [first, second, foreign], key)).headers.get("idempotent-replayed"),
  ).toBe("true");
  expect(await data("GET", `${BASE}/${other}`)).toMatchObject({ pendingJobs: 1 });
  for (const each of [group, other]) await expectExact(each);
});

test("a cancel of chosen jobs that races with claims and reports leaves the counters equal to the jobs", async () => {
  const group = await newGroup(30, { settings: { parallelJobs: 10 } });
  const ids = await idsOf(group);
  const leases = await claim(group, 6);
  const answers = await Promise.all([
    settle(group, leases[0], "complete", { pages: 1, cost: 0.5 }),
    cancel(group, ids.slice(0, 12)),
    settle(group, leases[1], "complete", { pages: 1, cost: 0.5 }),
    call("POST", `${BASE}/${group}/jobs/claim`, { body: { workerId: "w", maxJobs: 10 } }),
    cancel(group, ids.slice(8, 20)),
    settle(group, leases[2], "fail", { error: "bad", cost: 0.1 }),
    cancel(group, ids.slice(20)),
  ]);
  expect(answers.every(({ status }) => [200, 409].includes(status))).toBe(true);
  await expectExact(group);
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject({ pendingJobs: 0 });
});

test("the back-off of a cancelled job holds nobody up", async () => {
  const group = await newGroup(2);
  const leases = await claim(group, 2);
  await settle(group, leases[0], "release", { retryAfterSeconds: 60 });
  await settle(group, leases[1], "release", { retryAfterSeconds: 3_600 });
  await cancel(group, [leases[0].jobId]);
  const { body } = await call("POST", `${BASE}/${group}/jobs/claim`, {
    body: { workerId: "w", maxJobs: 1 },
  });
  expect(body.reason).toBe("backing_off");
  expect(Date.parse(body.retryAt)).toBeGreaterThan(Date.now() + 3_500_000);
});

test("more waiting jobs than are looked at for a claim can be cancelled before one that waits longer", async () => {
  const group = await newGroup(121, { settings: { parallelJobs: 10, retryCount: 0 } });
  const [patient] = await claim(group, 1);
  const retryAfterSeconds = 3_600;
  await settle(group, patient, "release", { retryAfterSeconds });
  for (let round = 0; round < 12; round++) {
    const leases = await claim(group, 10);
    await Promise.all(leases.map((lease: Json) => settle(group, lease, "fail", { error: "bad" })));
  }
  await data("POST", `${BASE}/${group}/retry`);
  const others = (await idsOf(group)).filter((id) => id !== patient.jobId);
  await evictDurableObject(env.GROUP_COORDINATOR.getByName(group));
  await cancel(group, others);
  const { body } = await call("POST", `${BASE}/${group}/jobs/claim`, {
    body: { workerId: "w", maxJobs: 1 },
  });
  expect(Date.parse(body.retryAt)).toBeGreaterThan(Date.now() + (retryAfterSeconds - 100) * 1_000);
  await expectExact(group);
});

test("a job that is gone when it is to be cancelled lets no other be cancelled", async () => {
  const group = await newGroup(3);
  const ids = await idsOf(group);
  await database.exec(
    `CREATE TRIGGER meddle AFTER UPDATE OF revision ON job_group BEGIN
      DELETE FROM job WHERE group_id = new.id AND id = '${ids[1]}';
    END`.replaceAll("\n", " "),
  );
  const answer = await cancel(group, ids.slice(0, 2));
  await database.exec("DROP TRIGGER meddle");
  expect(answer.status).toBe(500);
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject({ pendingJobs: 3, cancelledJobs: 0 });
  await expectExact(group);
});
