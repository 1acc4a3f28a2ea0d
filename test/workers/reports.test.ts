import { describe, expect, test } from "vitest";
import {
  BASE,
  call,
  claim,
  data,
  expectCountersToBeExact,
  newGroup,
  settle,
  type Json,
} from "../support/workers/api.ts";

const once = { settings: { retryCount: 0 } };
const post = (group: string, action: string, body?: object) =>
  call("POST", `${BASE}/${group}/${action}`, body === undefined ? {} : { body });
const jobOf = (group: string, { jobId }: Json): Promise<Json> =>
  data("GET", `${BASE}/${group}/jobs/${jobId}`);
describe("a report", () => {
  const first = { complete: { pages: 2 }, fail: { error: "blurred" }, release: {} };
  const hows = ["complete", "fail", "release"] as const;

  test.each(hows)(
    "of %s is a duplicate when repeated, and a conflict with each other report",
    async (how) => {
      const group = await newGroup(1);
      const [lease] = await claim(group);
      const applied = await settle(group, lease, how, first[how]);
      expect(applied).toMatchObject({ status: 200, body: { data: { outcome: "applied" } } });
      const before = await expectCountersToBeExact(group);
      const repeated = await settle(group, lease, how, first[how]);
      expect(repeated.body.data).toEqual({ ...applied.body.data, outcome: "duplicate" });
      for (const other of hows.filter((other) => other !== how)) {
        const answer = await settle(group, lease, other, first[other]);
        expect(answer).toMatchObject({ status: 409, body: { code: "OUTCOME_CONFLICT" } });
      }
      expect(await expectCountersToBeExact(group)).toEqual(before);
    },
  );

  test("moves the job and answers the group's counters as they then are", async () => {
    const group = await newGroup(3, once);
    const leases = await claim(group);
    const { body } = await settle(group, leases[0], "complete", { pages: 2, cost: 0.1 });
    const counters = {
      totalJobs: 3,
      completedJobs: 1,
      pendingJobs: 2,
      failedJobs: 0,
      cancelledJobs: 0,
    };
    const moved = { jobId: leases[0].jobId, status: "completed", attempt: 1, outcome: "applied" };
    const then = { status: "processing", ...counters, processingJobs: 2 };
    expect(body.data).toEqual({ ...moved, group: then });
    const failed = await settle(group, leases[1], "fail", { error: "blurred" });
    expect(failed.body.data).toMatchObject({ status: "failed", group: { failedJobs: 1 } });
    expect(await jobOf(group, leases[1])).toMatchObject({ status: "failed", error: "blurred" });
    const released = await settle(group, leases[2], "release");
    expect(released.body.data).toMatchObject({ status: "queued", attempt: 0 });
    const [again] = await claim(group);
    expect(again).toMatchObject({ jobId: leases[2].jobId, attempt: 1 });
    await settle(group, again, "complete", { pages: 1, cost: 0.2 });
    const done = await expectCountersToBeExact(group);
    expect(done).toMatchObject({ status: "completed", completedAt: expect.any(String) });
    const sums = { totalDocuments: 3, totalPages: 3, totalCost: 0.3, successRate: 2 / 3 };
    expect(done.statistics).toMatchObject({ ...sums, currency: "USD" });
  });

  test("of a failure that is not worth retrying fails the job for good", async () => {
    const group = await newGroup(1, { settings: { retryCount: 5 } });
    const [lease] = await claim(group);
    const answer = await settle(group, lease, "fail", { error: "not a PDF", retryable: false });
    expect(answer.body.data).toMatchObject({ status: "failed", group: { status: "failed" } });
  });

  test("in another currency than the group's first cost changes nothing", async () => {
    const group = await newGroup(2);
    const [first, second] = await claim(group);
    await settle(group, first, "complete", { cost: 1, currency: "EUR" });
    const refused = await settle(group, second, "complete", { cost: 1, currency: "USD" });
    expect(refused).toMatchObject({ status: 409, body: { code: "CURRENCY_MISMATCH" } });
    expect(await expectCountersToBeExact(group)).toMatchObject({
      completedJobs: 1,
      processingJobs: 1,
    });
    await settle(group, second, "complete", { cost: 2 });
    const { statistics } = await expectCountersToBeExact(group);
    expect(statistics).toMatchObject({ totalCost: 3, currency: "EUR" });
  });
});

test("cancel ends every unfinished job, voids its lease, and is final", async () => {
  const group = await newGroup(3);
  const [done, leased] = await claim(group, 2);
  await settle(group, done, "complete");
  const { body } = await post(group, "cancel");
  expect(body.data).toMatchObject({ status: "cancelled", cancelledJobs: 2, pendingJobs: 0 });
  expect((await post(group, "cancel")).body.data).toEqual(body.data);
  expect((await settle(group, leased, "complete")).body.code).toBe("LEASE_LOST");
  expect((await post(group, "retry")).body.code).toBe("GROUP_CANCELLED");
  expect(await jobOf(group, leased)).toMatchObject({ status: "cancelled" });
  expect(await expectCountersToBeExact(group)).toMatchObject({ completedJobs: 1 });
});

test("retry gives failed jobs fresh attempts and reopens their group", async () => {
  const group = await newGroup(2, once);
  expect(await post(group, "retry")).toMatchObject({
    status: 409,
    body: { code: "NOTHING_TO_RETRY" },
  });
  const [good, bad] = await claim(group);
  await settle(group, good, "complete");
  await settle(group, bad, "fail", { error: "blurred" });
  expect(await post(group, "cancel")).toMatchObject({
    status: 409,
    body: { code: "GROUP_FINISHED" },
  });
  const { body } = await post(group, "retry");
  expect(body.data).toMatchObject({ status: "queued", failedJobs: 0, pendingJobs: 1 });
  expect(body.data).not.toHaveProperty("completedAt");
  const fresh = await jobOf(group, bad);
  expect([fresh.status, fresh.attempts, fresh.error]).toEqual(["queued", 0, undefined]);
  const [again] = await claim(group);
  expect(again).toMatchObject({ jobId: bad.jobId, attempt: 1 });
  await settle(group, again, "complete");
  expect(await expectCountersToBeExact(group)).toMatchObject({
    status: "completed",
    completedJobs: 2,
  });
});
