import { afterEach, expect, test, vi } from "vitest";
import {
  BASE,
  call,
  claim,
  data,
  expectCountersToBeExact,
  type Json,
  newGroup,
  settle,
} from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const MINUTE = 60_000;
const jobOf = (group: string, { jobId }: Json): Promise<Json> =>
  data("GET", `${BASE}/${group}/jobs/${jobId}`);
const listed = async (group: string): Promise<Json[]> => data("GET", `${BASE}/${group}/jobs`);
const set = (assignment: string, group: string) =>
  database.prepare(`UPDATE job SET ${assignment} WHERE group_id = ?`).bind(group).run();

async function take(group: string): Promise<Json> {
  const [lease] = await claim(group, 1);
  expect(lease).toBeDefined();
  return lease;
}

afterEach(() => {
  vi.useRealTimers();
});

const expense = { pages: 1, cost: 0.25, currency: "EUR" };
const failure = { error: "blurred", errorCode: "scan.blurred", retryAfterSeconds: 0, ...expense };
const times = { leasedAt: expect.any(String), endedAt: expect.any(String) };
const held = { attempt: 1, workerId: "w", ...times };

test("a job shows how each attempt ended, and a list only how often it was deferred", async () => {
  const group = await newGroup(1);
  const lease = await take(group);
  await settle(group, lease, "release", { reason: "429" });
  await settle(group, await take(group), "fail", failure);
  await settle(group, await take(group), "complete", { pages: 2, cost: 0.5 });
  const job = await jobOf(group, lease);
  expect(job).toMatchObject({ deferrals: 1, attempts: 2, pages: 2, cost: 0.75, currency: "EUR" });
  expect(job.history).toEqual([
    { ...held, outcome: "released", error: "429" },
    { ...held, outcome: "failed", error: "blurred", errorCode: "scan.blurred", ...expense },
    { ...held, attempt: 2, outcome: "completed", pages: 2, cost: 0.5, currency: "EUR" },
  ]);
  const [summary] = await listed(group);
  expect(summary).toMatchObject({ deferrals: 1, cost: 0.75 });
  expect(summary).not.toHaveProperty("history");
  const { statistics } = await expectCountersToBeExact(group);
  expect(statistics).toMatchObject({ totalCost: 0.75, totalPages: 2, currency: "EUR" });
});

test("a job that nothing befell shows neither code, deferrals nor history", async () => {
  const group = await newGroup(1);
  const lease = await take(group);
  for (const field of ["history", "errorCode", "deferrals"]) {
    expect(await jobOf(group, lease)).not.toHaveProperty(field);
  }
  await settle(group, lease, "complete", { cost: 0.1 });
  const { history } = await jobOf(group, lease);
  expect(history).toEqual([{ ...held, outcome: "completed", cost: 0.1, currency: "USD" }]);
});

test("a retry keeps the history and the cost, and takes error and code away", async () => {
  const group = await newGroup(2, { settings: { retryCount: 0 } });
  const lease = await take(group);
  await settle(group, lease, "fail", failure);
  expect(await jobOf(group, lease)).toMatchObject({ errorCode: "scan.blurred", cost: 0.25 });
  await data("POST", `${BASE}/${group}/retry`);
  const { history, ...retried } = await jobOf(group, lease);
  expect(history).toMatchObject([{ outcome: "failed", errorCode: "scan.blurred" }]);
  expect(retried).toMatchObject({ status: "queued", attempts: 0, cost: 0.25 });
  expect(retried).not.toHaveProperty("error");
  expect(retried).not.toHaveProperty("errorCode");
  await take(group);
  await data("POST", `${BASE}/${group}/cancel`);
  const outcomes = (await jobOf(group, lease)).history.map(({ outcome }: Json) => outcome);
  expect(outcomes).toEqual(["failed", "cancelled"]);
  const { statistics } = await expectCountersToBeExact(group);
  expect(statistics).toMatchObject({ totalCost: 0.25, totalPages: 0 });
});

test("an attempt that timed out and whose job is leased anew in one commit is told once", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const group = await newGroup(1, { settings: { timeoutMinutes: 5 } });
  const lease = await take(group);
  vi.setSystemTime(Date.now() + 10 * MINUTE);
  const next = await take(group);
  expect((await settle(group, lease, "fail", failure)).body.code).toBe("LEASE_LOST");
  await settle(group, next, "complete");
  const { history, ...job } = await jobOf(group, lease);
  const outcomes = history.map(({ outcome, errorCode }: Json) => [outcome, errorCode]);
  expect(outcomes).toEqual([
    ["timed_out", "timeout"],
    ["completed", undefined],
  ]);
  expect(job).not.toHaveProperty("cost");
});

test("jobs that finished before codes and histories were kept show their last attempt, after a retry too", async () => {
  const group = await newGroup(2, { settings: { retryCount: 0 } });
  const [failed, done] = await claim(group, 2);
  await settle(group, failed, "fail", { error: "blurred" });
  await settle(group, done, "complete", { pages: 2 });
  await set("history = NULL, error_code = NULL", group);
  const error = { error: "blurred", errorCode: "unspecified" };
  expect(await jobOf(group, failed)).toMatchObject({
    ...error,
    history: [{ ...held, outcome: "failed", ...error }],
  });
  expect((await jobOf(group, done)).history).toEqual([{ ...held, outcome: "completed", pages: 2 }]);
  expect((await listed(group))[0]).toMatchObject(error);
  await data("POST", `${BASE}/${group}/retry`);
  expect((await jobOf(group, failed)).history).toEqual([{ ...held, outcome: "failed", ...error }]);
});

test("a deferred job is waited for: an empty claim says until when", async () => {
  const group = await newGroup(1, { template: "deferred" });
  const lease = await take(group);
  await settle(group, lease, "release", { retryAfterSeconds: 60, reason: "429, in a minute" });
  const { retryAt } = await jobOf(group, lease);
  expect(Date.parse(retryAt) - Date.now()).toBeGreaterThan(50_000);
  const claimed = { workerId: "w", maxJobs: 1 };
  const any = { ...claimed, templates: ["deferred"] };
  const answers = [
    await call("POST", `${BASE}/${group}/jobs/claim`, { body: claimed }),
    await call("POST", `${BASE}/jobs/claim`, { body: any }),
  ];
  for (const { body } of answers) {
    expect(body).toMatchObject({ data: [], reason: "backing_off", retryAt });
  }
});
