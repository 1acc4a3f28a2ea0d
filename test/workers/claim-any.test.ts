import { env } from "cloudflare:workers";
import { expect, onTestFinished, test, vi } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const claimAny = (maxJobs: number, headers: Record<string, string> = {}) =>
  call("POST", `${BASE}/jobs/claim`, { body: { workerId: "any", maxJobs }, headers });

/** The tests share one workspace: each begins with nothing left to claim. */
async function clear(): Promise<void> {
  await database.prepare("DELETE FROM job_group").run();
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
  const databases = Object.getPrototypeOf(database) as D1Database;
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

const groupOf = ({ groupId }: Json): string => groupId as string;

/** Stands in front of the coordinator of one group. */
function breakGroup(group: string, answer: () => Promise<unknown>): void {
  const namespace = Object.getPrototypeOf(env.GROUP_COORDINATOR) as DurableObjectNamespace;
  // oxlint-disable-next-line typescript/unbound-method -- called with the namespace it is called on
  const { getByName } = namespace;
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(namespace, "getByName").mockImplementation(function (
    this: typeof namespace,
    name,
    ...rest
  ) {
    return name === group
      ? ({ execute: answer } as unknown as DurableObjectStub)
      : getByName.call(this, name, ...rest);
  });
  onTestFinished(() => void vi.restoreAllMocks());
}

test.each([
  ["cannot be reached", () => Promise.reject(new Error("Network connection lost."))],
  ["cannot commit", () => Promise.reject(new Error("the database refused the change"))],
])("passes over a group that %s, and says so only when it is the only one", async (_, answer) => {
  await clear();
  const broken = await newGroup(1, { priority: "urgent" });
  const healthy = await newGroup(1);
  breakGroup(broken, answer);
  expect((await claimAny(5)).body.data.map(groupOf)).toEqual([healthy]);
  expect((await claimAny(5)).status).toBe(503);
});

test("40 processors at once on 60 one-job groups are all served, at few calls a lease", async () => {
  await clear();
  for (let index = 0; index < 60; index++) await newGroup(1);
  const asked = vi.spyOn(
    Object.getPrototypeOf(env.GROUP_COORDINATOR) as DurableObjectNamespace,
    "getByName",
  );
  onTestFinished(() => void vi.restoreAllMocks());
  const answers = await Promise.all(Array.from({ length: 40 }, () => claimAny(1)));
  const leases: Json[] = answers.flatMap(({ body }) => body.data);
  expect(new Set(leases.map(groupOf)).size).toBe(40);
  expect(asked.mock.calls.length).toBeLessThanOrEqual(3 * 40);
});

test("repeats of one claim that arrive while it is under way are answered the same leases", async () => {
  await clear();
  for (let groups = 0; groups < 6; groups++) await newGroup(3);
  const key = { "idempotency-key": crypto.randomUUID() };
  const answers = await Promise.all(Array.from({ length: 8 }, () => claimAny(10, key)));
  for (const { body } of answers) expect(body.data).toEqual(answers[0]?.body.data);
  expect(answers[0]?.body.data).toHaveLength(10);
  const held = await database
    .prepare("SELECT count(*) AS n FROM job WHERE status = 'processing'")
    .first("n");
  expect(held).toBe(10);
});

test("a claim whose Worker died is answered with the leases it had been granted, once its time is over", async () => {
  await clear();
  for (let groups = 0; groups < 3; groups++) await newGroup(1);
  const key = { "idempotency-key": crypto.randomUUID() };
  const first = await claimAny(2, key);
  // As it stands in the store when the Worker dies before it lets go of the key.
  await database
    .prepare(
      `INSERT INTO receipt SELECT workspace, operation, key_hash, '', fingerprint, -1, 'null', ?
      FROM receipt WHERE operation = 'claimAnyJobs' AND group_id = ?`,
    )
    .bind(Date.now() + 400, first.body.data[0].groupId)
    .run();
  const again = await claimAny(2, key);
  expect(again.body.data).toEqual(first.body.data);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
});

/** The rows that an empty claim reads. */
async function rowsOfEmptyClaim(reason: string): Promise<number> {
  const meter = new Meter(database);
  meter.take();
  const { body } = await claimAny(1);
  expect(body).toMatchObject({ data: [], reason });
  return meter.take().rowsRead;
}

test("an empty answer reads at most 20 rows, though 300 groups back off or have all their jobs leased", async () => {
  await clear();
  const template = await newGroup(1);
  const columns = await database.prepare("SELECT name FROM pragma_table_info('job_group')").all<{
    name: string;
  }>();
  const others = columns.results
    .map(({ name }) => name)
    .filter((name) => !["rowid", "id"].includes(name));
  await database
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
     INSERT INTO job_group (id, ${others.join()}) SELECT printf('%024x', i), ${others.join()} FROM job_group, n WHERE id = ?`,
    )
    .bind(template)
    .run();
  const soon = Date.now() + 60_000;
  await database
    .prepare("UPDATE job_group SET due_at = ?1, claim_rank = 6, claim_order = ?1")
    .bind(soon)
    .run();
  expect(await rowsOfEmptyClaim("backing_off")).toBeLessThanOrEqual(20);
  await database
    .prepare(
      "UPDATE job_group SET due_at = NULL, claim_rank = NULL, claim_order = NULL, status = 'processing', processing_jobs = 1",
    )
    .run();
  expect(await rowsOfEmptyClaim("nothing_queued")).toBeLessThanOrEqual(20);
});
