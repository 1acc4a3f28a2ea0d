import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { inOneGo } from "../support/workers/commands.ts";
import { later, SECOND, stopClock } from "../support/workers/notifications.ts";
import { database, SHARD } from "../support/workers/database.ts";

afterEach(() => {
  vi.useRealTimers();
});

const claimBeating = async (group: string, maxJobs = 1, heartbeatSeconds = 60): Promise<Json[]> =>
  data("POST", `${BASE}/${group}/jobs/claim`, { workerId: "w", maxJobs, heartbeatSeconds });
const held = ({ groupId, jobId, leaseId }: Json) => ({ groupId, jobId, leaseId });
const beat = (leases: Json[], options: object = {}) =>
  call("POST", `${BASE}/jobs/heartbeat`, { body: { leases: leases.map(held) }, ...options });
const jobOf = ({ groupId, jobId }: Json): Promise<Json> =>
  data("GET", `${BASE}/${groupId}/jobs/${jobId}`);
const inSeconds = (seconds: number) => new Date(Date.now() + seconds * SECOND).toISOString();
const lost = ({ jobId, leaseId }: Json) => ({
  jobId,
  leaseId,
  code: "LEASE_LOST",
  detail: expect.any(String),
});

test("a heartbeat answers the new ends of leases of several groups, in the request's order", async () => {
  stopClock();
  const groups = [await newGroup(2), await newGroup(2), await newGroup(2)];
  const [[a, b], [c], [plain]] = await Promise.all([
    claimBeating(groups[0] ?? "", 2),
    claimBeating(groups[1] ?? "", 1, 600),
    claim(groups[2] ?? "", 1),
  ]);
  later(30);
  const { status, body } = await beat([c, a, plain, b]);
  expect(status).toBe(200);
  const end = inSeconds(60);
  expect(body.data).toEqual([
    { jobId: c.jobId, leaseId: c.leaseId, leaseExpiresAt: inSeconds(600) },
    { jobId: a.jobId, leaseId: a.leaseId, leaseExpiresAt: end },
    { jobId: plain.jobId, leaseId: plain.leaseId, leaseExpiresAt: plain.leaseExpiresAt },
    { jobId: b.jobId, leaseId: b.leaseId, leaseExpiresAt: end },
  ]);
  expect((await jobOf(a)).leaseExpiresAt).toBe(end);
  const list = await data("GET", `${BASE}/${groups[0]}/jobs`);
  expect(list).toMatchObject([{ leaseExpiresAt: end }, { leaseExpiresAt: end }]);
});

test("a heartbeat changes neither the group's ETag nor its updatedAt, nor its job's", async () => {
  stopClock();
  const group = await newGroup(1);
  const [lease] = await claimBeating(group);
  const before = await call("GET", `${BASE}/${group}`);
  const job = await jobOf(lease);
  later(5);
  expect((await beat([lease])).body.data[0].leaseExpiresAt).toBe(inSeconds(60));
  const after = await call("GET", `${BASE}/${group}`);
  expect(after.headers.get("etag")).toBe(before.headers.get("etag"));
  expect(after.body.data.updatedAt).toBe(before.body.data.updatedAt);
  expect(await jobOf(lease)).toEqual({ ...job, leaseExpiresAt: inSeconds(60) });
});

test("lost is what was reported, timed out, cancelled, deleted, foreign, unknown or never was", async () => {
  const group = await newGroup(3, { settings: { parallelJobs: 10 } });
  const [reported, alive, returned] = await claimBeating(group, 3);
  await settle(group, reported, "complete");
  await settle(group, returned, "release");
  const [cancelled] = await claimBeating(await newGroup(1));
  await call("POST", `${BASE}/${cancelled.groupId}/cancel`);
  const [deleted] = await claimBeating(await newGroup(1));
  await call("DELETE", `${BASE}/${deleted.groupId}`);
  const { key } = await data("POST", "/api-key", {
    name: "Test",
    scopes: ["jobs:process"],
    workspace: "theirs",
  });
  const stray = [
    { ...alive, leaseId: "0".repeat(32) },
    { ...alive, jobId: reported.jobId },
    { ...alive, groupId: cancelled.groupId },
    { ...alive, groupId: "0".repeat(24) },
    { groupId: "no id", jobId: "a/b", leaseId: "é" },
  ];
  const leases = [reported, returned, cancelled, deleted, ...stray];
  const { body } = await beat([...leases, alive]);
  expect(body.data).toEqual([
    ...leases.map(lost),
    { jobId: alive.jobId, leaseId: alive.leaseId, leaseExpiresAt: expect.any(String) },
  ]);
  const [theirs] = (await beat([alive], { key })).body.data;
  expect(theirs).toEqual(lost(alive));
});

test("a beat that comes too late is lost, and the job is another processor's", async () => {
  stopClock();
  const group = await newGroup(1);
  const [lease] = await claimBeating(group, 1, 15);
  later(15);
  const [[next], answer] = [await claimBeating(group), await beat([lease])];
  expect(next).toMatchObject({ jobId: lease.jobId, attempt: 2 });
  expect(answer.body.data).toEqual([lost(lease)]);
  expect(await jobOf(next)).toMatchObject({ leaseExpiresAt: next.leaseExpiresAt });
});

test("a heartbeat of a group that cannot be reached is answered 503, and lost is none of its leases", async () => {
  const [one] = await claimBeating(await newGroup(1));
  const [other] = await claimBeating(await newGroup(1));
  const execute = () => Promise.reject(new Error("Network connection lost."));
  const GROUP_COORDINATOR = {
    getByName: (id: string) =>
      id === one.groupId ? { execute } : env.GROUP_COORDINATOR.getByName(id),
  };
  const answer = await beat([other, one], { bindings: { GROUP_COORDINATOR } });
  expect(answer).toMatchObject({ status: 503, body: { code: "UNAVAILABLE" } });
  expect(answer.headers.has("retry-after")).toBe(true);
});

test.each(["claimJobs", "claimAnyJobs"])(
  "a %s repeated under its key shows the ends that beats have moved",
  async (operation) => {
    stopClock();
    await database.exec("DELETE FROM job_group");
    const group = await newGroup(2);
    const path = operation === "claimJobs" ? `${BASE}/${group}/jobs/claim` : `${BASE}/jobs/claim`;
    const claimed = {
      headers: { "idempotency-key": crypto.randomUUID() },
      body: { workerId: "w", maxJobs: 2, heartbeatSeconds: 60 },
    };
    const [lease, reported] = (await call("POST", path, claimed)).body.data;
    await settle(group, reported, "complete");
    later(30);
    await beat([lease]);
    const again = await call("POST", path, claimed);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const moved = { ...lease, leaseExpiresAt: inSeconds(60), leaseSeconds: 90 };
    expect(again.body.data).toEqual([moved, reported]);
  },
);

test("beats of one group that arrive together cost one round trip and one written row", async () => {
  const group = await newGroup(10, { settings: { parallelJobs: 10 } });
  const leases = await claimBeating(group, 10);
  const meter = new Meter(database);
  meter.take();
  await beat(leases);
  expect(meter.take()).toMatchObject({ roundTrips: 1, rowsWritten: 1 });
  const requests = leases.map(({ jobId, leaseId }) => ({
    groupId: group,
    workspace: "default",
    shard: SHARD,
    command: { kind: "beat" as const, leases: [{ jobId, leaseId }] },
  }));
  const settled = await inOneGo(group, requests);
  expect(settled.map(({ status }) => status)).toEqual(leases.map(() => "fulfilled"));
  // The first goes alone, the others gather behind it.
  expect(meter.take()).toMatchObject({ roundTrips: 2, rowsWritten: 2 });
});

test("the same lease twice in a request is refused", async () => {
  const [lease] = await claimBeating(await newGroup(1));
  const answer = await beat([lease, lease]);
  expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
  expect(answer.body.errors).toMatchObject([{ pointer: "/leases/1" }]);
});
