import {
  createExecutionContext,
  runInDurableObject,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, expect, type MockInstance, test, vi } from "vitest";
import app, { GroupCoordinator } from "../../src/index.ts";
import {
  BASE,
  call,
  claim,
  data,
  expectCountersToBeExact,
  type Json,
  newGroup,
  settle,
  SERVER,
} from "../support/workers/api.ts";
import { interpose } from "../support/workers/faulty-d1.ts";
import { database } from "../support/workers/database.ts";

let waits: MockInstance<GroupCoordinator["executePatiently"]>;

/** The tests share one workspace: each begins with nothing left to claim. */
beforeEach(async () => {
  vi.restoreAllMocks();
  waits = vi.spyOn(GroupCoordinator.prototype, "executePatiently");
  await database.prepare("DELETE FROM job_group").run();
});

const body = (waitSeconds: number, fields: object = {}) => ({
  workerId: "w",
  maxJobs: 1,
  waitSeconds,
  ...fields,
});
const waitFor = async (group: string, seconds: number, headers: Record<string, string> = {}) =>
  (await call("POST", `${BASE}/${group}/jobs/claim`, { body: body(seconds), headers })).body;
const waitForAny = async (
  seconds: number,
  fields: object = {},
  headers: Record<string, string> = {},
) => (await call("POST", `${BASE}/jobs/claim`, { body: body(seconds, fields), headers })).body;

const WAIT_LIMIT = { timeout: 20_000, interval: 10 };
const ONE = { jobs: [{ documentName: "a.pdf" }] };

/** Resolves when so many claims have reached the group's object. What is sent to it afterwards finds them waiting. */
const untilWaiting = (group: string, claims: number): Promise<void> =>
  vi.waitFor(() => {
    const arrived = waits.mock.calls.filter(
      ([{ groupId }, { waitMs }]) => groupId === group && waitMs > 0,
    );
    expect(arrived).toHaveLength(claims);
  }, WAIT_LIMIT);

/** The time that it takes, in milliseconds. */
async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const startedAt = Date.now();
  return [await run(), Date.now() - startedAt];
}

test("a claim on a group without work is answered when work comes, and each waiter a job of its own", async () => {
  const group = await newGroup();
  const waiting = Array.from({ length: 8 }, () => waitFor(group, 20));
  await untilWaiting(group, 8);
  await data("POST", `${BASE}/${group}/jobs`, { jobs: Array(3).fill(ONE.jobs[0]) });
  await data("POST", `${BASE}/${group}/process`);
  const first = await Promise.race(waiting);
  expect(first.data).toHaveLength(1);
  expect((await expectCountersToBeExact(group)).processingJobs).toBe(3);
  await call("POST", `${BASE}/${group}/cancel`);
  const answers = await Promise.all(waiting);
  const jobs = answers.flatMap(({ data }) => data.map(({ jobId }: Json) => jobId));
  expect(new Set(jobs).size).toBe(3);
  expect(jobs).toHaveLength(3);
  expect(answers.filter(({ reason }) => reason === "finished")).toHaveLength(5);
});

test("a claim that waits in vain is answered as usual when its time is over", async () => {
  const full = await newGroup(2, { settings: { parallelJobs: 1 } });
  await claim(full, 1);
  for (const wait of [() => waitFor(full, 1), () => waitForAny(1)]) {
    const [answer, ms] = await timed(wait);
    expect(answer).toMatchObject({ data: [], reason: "parallel_limit" });
    expect(ms).toBeGreaterThanOrEqual(1_000);
    expect(ms).toBeLessThan(5_000);
  }
});

test("a report that makes room wakes the waiter, under its own lease", async () => {
  const group = await newGroup(2, { settings: { parallelJobs: 1 } });
  const [lease] = await claim(group, 1);
  const waiting = waitFor(group, 20);
  await untilWaiting(group, 1);
  await settle(group, lease, "complete");
  const [next] = (await waiting).data;
  expect(next.leaseId).not.toBe(lease.leaseId);
  expect((await settle(group, next, "complete")).body.data.outcome).toBe("applied");
});

test("a back-off that ends wakes a waiter, though nobody calls", async () => {
  const group = await newGroup(1);
  const [lease] = await claim(group);
  await settle(group, lease, "fail", { error: "blurred" });
  const [answer, ms] = await timed(() => waitFor(group, 20));
  expect(answer.data[0].attempt).toBe(2);
  expect(ms).toBeLessThan(8_000);
});

test("waiting claims under one Idempotency-Key are one set of leases", async () => {
  const group = await newGroup();
  const key = { "idempotency-key": crypto.randomUUID() };
  const waiting = Array.from({ length: 3 }, () => waitFor(group, 20, key));
  await untilWaiting(group, 3);
  await data("POST", `${BASE}/${group}/jobs`, { jobs: Array(5).fill(ONE.jobs[0]) });
  await data("POST", `${BASE}/${group}/process`);
  const answers = await Promise.all([...waiting, waitFor(group, 0, key), waitFor(group, 3, key)]);
  for (const { data } of answers) expect(data).toEqual(answers[0].data);
  expect((await expectCountersToBeExact(group)).processingJobs).toBe(1);
});

test("a waiter whose coordinator is reset waits on, and is leased what comes", async () => {
  const group = await newGroup();
  const waiting = waitFor(group, 20);
  await untilWaiting(group, 1);
  const stub = env.GROUP_COORDINATOR.getByName(group);
  vi.spyOn(console, "error").mockReturnValue();
  await runInDurableObject(stub, (_, state) => state.abort("reset by the test")).catch(
    () => undefined,
  );
  await data("POST", `${BASE}/${group}/jobs`, ONE);
  await data("POST", `${BASE}/${group}/process`);
  expect((await waiting).data).toHaveLength(1);
});

/** A claim whose caller can hang up; resolves when all that the Worker does for it is done. */
function hangingUp(path: string, fields: object = {}) {
  const caller = new AbortController();
  const request = new Request(`http://localhost${BASE}${path}`, {
    method: "POST",
    headers: { "api-key": env.ROOT_API_KEY, "content-type": "application/json" },
    body: JSON.stringify(body(20, fields)),
    signal: caller.signal,
  });
  const context = createExecutionContext();
  const answer = app.fetch(request, SERVER, context);
  return {
    async hangUp() {
      caller.abort();
      await answer;
      await waitOnExecutionContext(context);
    },
  };
}

test("a waiter that hangs up is leased nothing", async () => {
  const group = await newGroup();
  const callers = Array.from({ length: 5 }, () => hangingUp(`/${group}/jobs/claim`));
  await untilWaiting(group, 5);
  await Promise.all(callers.map((caller) => caller.hangUp()));
  await data("POST", `${BASE}/${group}/jobs`, ONE);
  await data("POST", `${BASE}/${group}/process`);
  expect((await expectCountersToBeExact(group)).processingJobs).toBe(0);
  expect(await claim(group)).toHaveLength(1);
});

test.each(["one group", "all groups"])(
  "a lease on %s is given back when its waiter hangs up while it is committed",
  async (over) => {
    const group = await newGroup();
    const path = over === "one group" ? `/${group}/jobs/claim` : "/jobs/claim";
    const callers = Array.from({ length: 3 }, () => hangingUp(path));
    if (over === "one group") await untilWaiting(group, 3);
    const gone: Promise<void>[] = [];
    const granted = Promise.withResolvers<void>();
    interpose({
      async write(run, nth) {
        const results = await run();
        // The jobs are added first, and the group is released.
        if (nth !== 2) return results;
        gone.push(...callers.map((caller) => caller.hangUp()));
        granted.resolve();
        return results;
      },
    });
    await data("POST", `${BASE}/${group}/jobs`, { jobs: Array(3).fill(ONE.jobs[0]) });
    await data("POST", `${BASE}/${group}/process`);
    await granted.promise;
    await Promise.all(gone);
    expect((await expectCountersToBeExact(group)).processingJobs).toBe(0);
    const attempts = (await claim(group)).map(({ attempt }) => attempt);
    expect(attempts).toEqual([1, 1, 1]);
  },
);

test("a claim over all groups is answered when a group that its filter lets through has work", async () => {
  const waiting = [waitForAny(20, { templates: ["b"] }), waitForAny(20, { tags: ["y"] })];
  await newGroup(1, { template: "a" });
  const [b, y] = [await newGroup(1, { template: "b" }), await newGroup(1, { tags: ["x", "y"] })];
  const answers = await Promise.all(waiting);
  expect(answers.map(({ data }) => data[0].groupId)).toEqual([b, y]);
});

test("200 idle waiters look at the line about once a second together", async () => {
  const prepared = vi.spyOn(Object.getPrototypeOf(database) as D1Database, "prepare");
  await Promise.all(Array.from({ length: 200 }, () => waitForAny(4)));
  const looks = prepared.mock.calls.filter(([query]) => query.includes("AS age")).length;
  prepared.mockRestore();
  // Each claim reads the line when it comes and when its time is over.
  expect(looks - 2 * 200).toBeLessThanOrEqual(8);
});

test("a repeat of a claim over all groups is answered when the first is, not at the end of its own wait", async () => {
  const group = await newGroup(1, { release: false });
  const key = { "idempotency-key": crypto.randomUUID() };
  const claims = Promise.all([waitForAny(15, {}, key), waitForAny(15, {}, key)]);
  const [[first, second], ms] = await timed(async () => {
    await scheduler.wait(1_500);
    await data("POST", `${BASE}/${group}/process`);
    return claims;
  });
  expect(first.data).toHaveLength(1);
  expect(second.data).toEqual(first.data);
  expect(ms).toBeLessThan(8_000);
});

test("a waiter is woken although its filter was forgotten for those of other claims", async () => {
  const group = await newGroup(1, { template: "waited-for", release: false });
  const claim = waitForAny(15, { templates: ["waited-for"] });
  await scheduler.wait(300);
  for (let other = 0; other < 51; other++) await waitForAny(0, { templates: [`other-${other}`] });
  const [answer, ms] = await timed(async () => {
    await data("POST", `${BASE}/${group}/process`);
    return claim;
  });
  expect(answer.data).toMatchObject([{ groupId: group }]);
  expect(ms).toBeLessThan(6_000);
});
