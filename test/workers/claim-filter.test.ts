import { createExecutionContext, createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, test } from "vitest";
import worker from "../../src/index.ts";
import { Meter } from "../bench/workers/meter.ts";
import { randomFrom } from "../support/random.ts";
import { Client } from "../support/client.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

/** The tests share one workspace: each begins with no group and no filter. */
beforeEach(async () => {
  await database.prepare("DELETE FROM job_group").run();
  await database.prepare("DELETE FROM claim_filter").run();
});

/** Answers are not held against the spec. */
const api = new Client("http://localhost", env.ROOT_API_KEY, async (request) =>
  worker.fetch(request, env, createExecutionContext()),
);

interface Filter {
  readonly templates?: readonly string[];
  readonly tags?: readonly string[];
}

const claimAny = (filter: Filter, maxJobs = 10, headers: Record<string, string> = {}) =>
  call("POST", `${BASE}/jobs/claim`, { body: { workerId: "any", maxJobs, ...filter }, headers });

const groupsOf = async (filter: Filter): Promise<string[]> => {
  const { body } = await claimAny(filter);
  return body.data.map(({ groupId }: Json) => groupId);
};

const count = async (sql: string) => Number(await database.prepare(sql).first("n"));

const DIFFERENCE = (a: string, b: string) => `SELECT count(*) AS n FROM (${a} EXCEPT ${b})`;
const [KEPT, MATCHES] = ["SELECT * FROM claim_line", "SELECT * FROM claim_match"];

/** Puts so many groups like this one in line. No object knows them. */
async function copy(group: string, times: number): Promise<void> {
  const { results } = await database
    .prepare("SELECT name FROM pragma_table_info('job_group')")
    .all<{
      name: string;
    }>();
  const columns = results.flatMap(({ name }) => (/^(row)?id$/.test(name) ? [] : [name])).join();
  await database
    .prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
     INSERT INTO job_group (id, ${columns}) SELECT substr(id, 1, 18) || printf('%06x', i), ${columns}
     FROM job_group, n WHERE id = ?2`,
    )
    .bind(times, group)
    .run();
}

/** The triggers keep in the lines exactly the groups that match. */
async function expectLinesToBeExact(): Promise<void> {
  expect(await count(DIFFERENCE(KEPT, MATCHES))).toBe(0);
  expect(await count(DIFFERENCE(MATCHES, KEPT))).toBe(0);
}

test("leases only jobs of groups with one of the templates and one of the tags", async () => {
  const fields = [
    { template: "a", priority: "urgent" },
    { template: "b", tags: ["x", "y"] },
    { template: "b", tags: ["z"] },
    { template: "c", tags: ["y"], priority: "high" },
  ];
  const [a, bxy, bz, cy] = await Promise.all(fields.map((each) => newGroup(1, each)));
  expect(await groupsOf({ templates: ["nobody's", "B"] })).toEqual([]);
  expect(await groupsOf({ templates: ["b", "a"], tags: ["y", "z", "x"] })).toHaveLength(2);
  expect(await groupsOf({ tags: ["y"] })).toEqual([cy]);
  expect(await groupsOf({ templates: ["a"] })).toEqual([a]);
  const left = await newGroup(1, { template: "b" });
  expect(await groupsOf({ tags: ["x", "z"] })).toEqual([]);
  expect(await groupsOf({})).toEqual([left]);
  expect([bxy, bz]).toHaveLength(2);
});

test("goes by priority and age within the filter", async () => {
  const groups: string[] = [];
  for (const priority of ["low", "urgent", "low", "urgent"]) {
    groups.push(await newGroup(1, { priority, template: "b" }));
    await newGroup(1, { priority: "urgent" });
  }
  const [low, urgent, lowLater, urgentLater] = groups;
  expect(await groupsOf({ templates: ["b"] })).toEqual([urgent, urgentLater, low, lowLater]);
});

test("reads no more rows than a claim without a filter, however many groups of another template stand in line", async () => {
  const filter = { templates: ["b"], tags: ["y"] };
  const meter = new Meter(database);
  const rowsOf = async (filter: Filter) => {
    meter.take();
    const { body } = await claimAny(filter, 1);
    expect(body.data.map(({ template }: Json) => template)).toEqual(["b"]);
    return meter.take().rowsRead;
  };
  await newGroup(20, { template: "b", tags: ["x", "y"], settings: { parallelJobs: 10 } });
  // The first claims of a group read its jobs, and the first of a filter reads the groups.
  await claimAny({}, 1);
  await claimAny(filter, 1);
  const rows = await rowsOf({});
  await copy(await newGroup(1, { template: "a", tags: ["y"], priority: "urgent" }), 10_000);
  expect(await rowsOf(filter)).toBeLessThanOrEqual(rows + 1);
  await expectLinesToBeExact();
});

test("an empty answer gives the reason of the groups that the filter lets through, and reads at most 21 rows", async () => {
  const filter = { templates: ["b"] };
  const meter = new Meter(database);
  const why = async () => {
    meter.take();
    const { body } = await claimAny(filter);
    expect(meter.take().rowsRead).toBeLessThanOrEqual(21);
    expect(body.data).toEqual([]);
    return body;
  };
  const other = await newGroup(2, { template: "a", settings: { parallelJobs: 1 } });
  await claim(other, 1);
  await claimAny(filter);
  expect(await why()).not.toHaveProperty("retryAt");
  expect((await why()).reason).toBe("nothing_queued");
  const group = await newGroup(2, { template: "b", settings: { parallelJobs: 1 } });
  const [lease] = await claim(group, 1);
  await copy(group, 300);
  await copy(other, 300);
  expect((await why()).reason).toBe("parallel_limit");
  await settle(group, lease, "fail", { error: "blurred" });
  const [second] = await claim(group, 1);
  await settle(group, second, "complete");
  const { reason, retryAt } = await why();
  expect(reason).toBe("backing_off");
  expect(Date.parse(retryAt)).toBeGreaterThan(Date.now());
  await expectLinesToBeExact();
});

test("the lines stay exact through whatever happens to groups", async () => {
  const seed = Date.now() % 1_000_000;
  console.log(`seed ${seed}`);
  const random = randomFrom(seed);
  const among = <T>(...values: T[]): T => values[Math.floor(random() * values.length)] as T;
  const input = () => ({
    name: "Lines",
    template: among("a", "b", "c"),
    tags: among([], ["x"], ["x", "y"], ["z", "y"]),
    priority: among("low", "urgent"),
    processingSettings: { parallelJobs: among(1, 3), retryCount: 1 },
  });
  const filters = [{ templates: ["a", "b"] }, { tags: ["y"] }, { templates: ["c"], tags: ["x"] }];
  for (const filter of filters) await claimAny(filter);
  const groups: string[] = [];
  const leases: Json[] = [];
  for (let step = 0; step < 150; step++) {
    const lot = random();
    const path = `${BASE}/${among(...groups)}`;
    if (groups.length < 3 || lot < 0.1) groups.push(await newGroup(among(1, 4), input()));
    else if (lot < 0.5) leases.push(...(await claimAny(among(...filters), among(1, 3))).body.data);
    else if (lot < 0.8 && leases.length > 0) {
      const { groupId, ...lease } = leases.shift();
      const how = among("complete", "fail", "release");
      await settle(groupId, lease, how, how === "fail" ? { error: "blurred" } : {});
    } else if (lot < 0.88) await call("PUT", path, { body: input() });
    else if (lot < 0.92)
      await call("POST", `${path}/jobs`, { body: { jobs: [{ documentName: "a" }] } });
    else if (lot < 0.95) await call("POST", `${path}/${among("cancel", "retry")}`);
    else if (lot < 0.97) await call("DELETE", path);
    else await claim(among(...groups), 1).catch(() => []);
    await expectLinesToBeExact();
  }
  expect(leases.length + (await count("SELECT count(*) AS n FROM claim_line"))).toBeGreaterThan(0);
});

test("a repeat under an Idempotency-Key answers the same leases, and another filter is another request", async () => {
  await newGroup(2, { template: "b" });
  const key = { "idempotency-key": crypto.randomUUID() };
  const first = await claimAny({ templates: ["b"] }, 1, key);
  const again = await claimAny({ templates: ["b"] }, 1, key);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get("idempotent-replayed")).toBe("true");
  expect((await claimAny({}, 1, key)).body.code).toBe("IDEMPOTENCY_KEY_REUSED");
});

test("a new filter looks for its groups a bounded way, says to ask again, and finds them in the end", async () => {
  const group = await newGroup(1, { template: "b", priority: "low" });
  await copy(await newGroup(1, { template: "a", priority: "urgent" }), 5_100);
  const { body } = await claimAny({ templates: ["b"] });
  expect(body).toMatchObject({ data: [], reason: "backing_off" });
  expect(Date.parse(body.retryAt)).toBeLessThanOrEqual(Date.now());
  expect(await groupsOf({ templates: ["b"] })).toEqual([group]);
  expect((await claimAny({ templates: ["b"] })).body.reason).toBe("nothing_queued");
  await expectLinesToBeExact();
});

test("a workspace keeps 50 filters; one that was dropped finds its groups again when a claim asks for it", async () => {
  const group = await newGroup(3, { template: "b" });
  expect((await claimAny({ templates: ["b"] }, 1)).body.data).toHaveLength(1);
  await database.prepare("UPDATE claim_filter SET asked_at = asked_at - 1000").run();
  for (let other = 0; other < 50; other++) await claimAny({ templates: [`other-${other}`] });
  expect(await count("SELECT count(*) AS n FROM claim_filter")).toBe(50);
  expect(await count("SELECT count(*) AS n FROM claim_line")).toBe(0);
  expect(await groupsOf({ templates: ["b"] })).toEqual([group, group]);
});

test("a filter that no claim asks for is forgotten after a day, and not before", async () => {
  await newGroup(1, { template: "b" });
  await claimAny({ templates: ["c"] });
  await claimAny({ tags: ["y"] });
  const runCron = () => worker.scheduled(createScheduledController({ cron: "* * * * *" }), env);
  await runCron();
  expect(await count("SELECT count(*) AS n FROM claim_filter")).toBe(2);
  await database.prepare("UPDATE claim_filter SET asked_at = asked_at - 86400001").run();
  await claimAny({ tags: ["y"] });
  await runCron();
  expect(await count("SELECT count(*) AS n FROM claim_filter")).toBe(1);
});

test("a lease tells its job's number and its group's name, batch and priority", async () => {
  const fields = { name: "March", batchNumber: "B-3", priority: "high" };
  const group = await newGroup(0, fields);
  const jobs = [{ documentName: "a.pdf", jobNumber: "INV-1" }, { documentName: "b.pdf" }];
  await data("POST", `${BASE}/${group}/jobs`, { jobs });
  await data("POST", `${BASE}/${group}/process`);
  const { name: groupName, ...shown } = fields;
  const [first, second] = await claim(group);
  expect(first).toMatchObject({ groupName, ...shown, jobNumber: "INV-1" });
  expect(second).toMatchObject({ groupName, ...shown });
  expect(second).not.toHaveProperty("jobNumber");
});

test("a receipt stored before leases told their group's name is replayed as it was given", async () => {
  await newGroup(1, { template: "b" });
  const key = { "idempotency-key": crypto.randomUUID() };
  const first = await claimAny({}, 1, key);
  const fields = "'$.leases[0].groupName', '$.leases[0].priority'";
  await database.prepare(`UPDATE receipt SET reply = json_remove(reply, ${fields})`).run();
  const again = await api.call("POST", `${BASE}/jobs/claim`, {
    body: { workerId: "any", maxJobs: 1 },
    headers: key,
  });
  const { groupName: _name, priority: _priority, ...lease } = first.body.data[0];
  expect(again.body.data).toEqual([lease]);
});
