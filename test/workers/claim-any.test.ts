import { env } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";

const claimAny = (maxJobs: number, headers: Record<string, string> = {}) =>
  call("POST", `${BASE}/jobs/claim`, { body: { workerId: "any", maxJobs }, headers });

/** The tests share one workspace: each begins with nothing left to claim. */
async function clear(): Promise<void> {
  await env.DB.prepare("DELETE FROM job_group").run();
}

test("claims urgent before high before medium before low, the older group first", async () => {
  await clear();
  const groups: string[] = [];
  for (const priority of ["low", "urgent", "medium", "high", "urgent"]) {
    groups.push(await newGroup(1, { priority }));
  }
  const [low, urgent, medium, high, urgentLater] = groups;
  const { body } = await claimAny(4);
  const order = body.data.map(({ groupId }: Json) => groupId);
  expect(order).toEqual([urgent, urgentLater, high, medium]);
  expect((await claimAny(4)).body.data[0].groupId).toBe(low);
});

test("passes over a group that is full and takes the next", async () => {
  await clear();
  const best = await newGroup(3, { priority: "urgent", settings: { parallelJobs: 1 } });
  const next = await newGroup(1);
  await claim(best, 1);
  expect((await claimAny(5)).body.data.map(({ groupId }: Json) => groupId)).toEqual([next]);
  expect((await claimAny(5)).body).toMatchObject({ data: [], reason: "parallel_limit" });
});

test("says why nothing is leased", async () => {
  await clear();
  expect((await claimAny(1)).body.reason).toBe("nothing_queued");
  const group = await newGroup(1);
  const [lease] = await claim(group);
  await settle(group, lease, "fail", { error: "blurred" });
  const { body } = await claimAny(1);
  expect(body.reason).toBe("backing_off");
  expect(Date.parse(body.retryAt)).toBeGreaterThan(Date.now());
});

test("20 racing processors lease no job twice and no group beyond its limit", async () => {
  await clear();
  const groups = [];
  for (let index = 0; index < 4; index++) {
    groups.push(await newGroup(10, { settings: { parallelJobs: 4 } }));
  }
  const answers = await Promise.all(Array.from({ length: 20 }, () => claimAny(3)));
  const leases: Json[] = answers.flatMap(({ body }) => body.data);
  expect(new Set(leases.map(({ groupId, jobId }) => groupId + jobId)).size).toBe(leases.length);
  expect(leases).toHaveLength(16);
  for (const group of groups) {
    expect((await data("GET", `${BASE}/${group}`)).processingJobs).toBe(4);
  }
});

test("a claim repeated under its Idempotency-Key answers the same leases, from all their groups", async () => {
  await clear();
  for (let groups = 0; groups < 5; groups++) await newGroup(1);
  const key = { "idempotency-key": crypto.randomUUID() };
  const first = await claimAny(4, key);
  expect(first.body.data).toHaveLength(4);
  const again = await claimAny(4, key);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect(again.body).toEqual(first.body);
  expect((await claimAny(2, key)).body.code).toBe("IDEMPOTENCY_KEY_REUSED");
});

test("what one group has leased reaches the processor although the store fails before the next", async () => {
  await clear();
  await newGroup(1);
  const databases = Object.getPrototypeOf(env.DB) as D1Database;
  // oxlint-disable-next-line typescript/unbound-method -- called with the database it is called on
  const { prepare } = databases;
  let looks = 0;
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(databases, "prepare").mockImplementation(function (this: D1Database, query) {
    if (query.includes("job_group_claimable") && looks++ === 1) {
      throw new Error("D1_ERROR: Network connection lost.");
    }
    return prepare.call(this, query);
  });
  onTestFinished(() => void vi.restoreAllMocks());
  expect((await claimAny(5)).body.data).toHaveLength(1);
});
