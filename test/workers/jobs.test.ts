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
const add = (group: string, ...jobs: object[]) => post(group, "jobs", { jobs });
const jobOf = (group: string, { jobId }: Json): Promise<Json> =>
  data("GET", `${BASE}/${group}/jobs/${jobId}`);
const claimAnswer = async (group: string, maxJobs = 10): Promise<Json> =>
  (await post(group, "jobs/claim", { workerId: "w", maxJobs })).body;

const document = {
  documentName: "Rechnung Ä 🧾.pdf",
  documentUrl: "https://files.example.com/a.pdf?sig=%20x&y=1",
  documentType: "pdf",
  jobNumber: "R-1",
};
const FREE_FORM = JSON.stringify({
  zeta: 1,
  alpha: [0.1, -2.5e-7, true, null, "", [], {}],
  'quoted " \\ / key': "line\nbreak\t\u001F \u2028 é e\u0301 🧾",
  "": { nested: { total: 1234567.891 } },
});

describe("addJobs", () => {
  test("answers every job of the request in its order, counting what is new and what was there", async () => {
    const group = await newGroup();
    const first = await add(group, document, { documentName: "b" });
    expect(first).toMatchObject({ status: 201, body: { data: { added: 2, existing: 0 } } });
    const [known, other] = first.body.data.jobs;
    expect(known).toMatchObject({ jobNumber: "R-1", status: "queued" });
    expect(Object.keys(other).toSorted()).toEqual(["documentName", "jobId", "status"]);
    const again = await add(
      group,
      { documentName: "c", jobNumber: "R-2" },
      { ...document, documentName: "x" },
    );
    expect(again).toMatchObject({ status: 201, body: { data: { added: 1, existing: 1 } } });
    expect(again.body.data.jobs).toEqual([expect.objectContaining({ jobNumber: "R-2" }), known]);
    expect(await expectCountersToBeExact(group)).toMatchObject({ totalJobs: 3, status: "created" });
  });

  test("refuses a job number twice in one request, and adds none of its jobs", async () => {
    const group = await newGroup();
    const answer = await add(group, document, { documentName: "b" }, document);
    expect(answer).toMatchObject({ status: 400, body: { code: "VALIDATION_FAILED" } });
    expect(answer.body.errors).toMatchObject([{ pointer: "/jobs/2/jobNumber" }]);
    expect(await expectCountersToBeExact(group)).toMatchObject({ totalJobs: 0 });
  });

  test("takes 1,000 jobs of almost 1 MiB in one request", async () => {
    const group = await newGroup();
    const jobs = Array.from({ length: 1_000 }, (_, index) => ({
      ...document,
      jobNumber: `R-${index}`,
      metadata: { text: "m".repeat(850) },
    }));
    expect(JSON.stringify({ jobs }).length).toBeGreaterThan(1_000_000);
    expect((await add(group, ...jobs)).body.data).toMatchObject({ added: 1_000, existing: 0 });
    expect((await add(group, ...jobs)).body.data).toMatchObject({ added: 0, existing: 1_000 });
    expect(await expectCountersToBeExact(group)).toMatchObject({ totalJobs: 1_000 });
  });

  test("reopens a finished group, and is refused by a cancelled one", async () => {
    const group = await newGroup(1);
    await settle(group, (await claim(group))[0], "complete");
    expect(await data("GET", `${BASE}/${group}`)).toMatchObject({ status: "completed" });
    await add(group, { documentName: "late.pdf" });
    const reopened = await expectCountersToBeExact(group);
    expect(reopened).toMatchObject({ status: "queued", completedJobs: 1, pendingJobs: 1 });
    expect(reopened).not.toHaveProperty("completedAt");
    await post(group, "cancel");
    const refused = await add(group, { documentName: "too-late.pdf" });
    expect(refused).toMatchObject({ status: 409, body: { code: "GROUP_CANCELLED" } });
  });
});

test("a job shows its document, its result and the extracted data as they were sent", async () => {
  const group = await newGroup();
  const metadata = JSON.parse(FREE_FORM);
  const { jobs } = (await add(group, { ...document, metadata })).body.data;
  const fresh = await jobOf(group, jobs[0]);
  expect(fresh).toMatchObject({ ...document, status: "queued", attempts: 0 });
  const given = [...Object.keys(document), "jobId", "metadata", "status", "attempts"];
  expect(Object.keys(fresh).toSorted()).toEqual([...given, "createdAt", "updatedAt"].toSorted());
  await post(group, "process");
  const [lease] = await claim(group);
  const { jobNumber: _, ...leased } = document;
  expect(lease).toMatchObject({ ...leased, groupId: group, template: "t-1", attempt: 1 });
  expect(JSON.stringify(lease.metadata)).toBe(FREE_FORM);
  const result = { pages: 100_000, cost: 0.000001, currency: "EUR", confidence: 1 };
  await settle(group, lease, "complete", { ...result, extractedData: JSON.parse(FREE_FORM) });
  const done = await jobOf(group, lease);
  expect(done).toMatchObject({ ...document, ...result, status: "completed", workerId: "w" });
  expect(done.processingTime).toBeGreaterThanOrEqual(0);
  expect(JSON.stringify(done.extractedData)).toBe(FREE_FORM);
  expect(JSON.stringify(done.metadata)).toBe(FREE_FORM);
  expect(done).not.toHaveProperty("leaseExpiresAt");
});

test("takes both ends of every number in a report, and extracted data of almost 256 KiB", async () => {
  const group = await newGroup(2);
  const [low, high] = await claim(group);
  expect((await settle(group, low, "complete", { pages: 0, cost: 0, confidence: 0 })).status).toBe(
    200,
  );
  const extractedData = { text: "ü".repeat(130_900) };
  const most = { pages: 100_000, cost: 40_000, confidence: 1, extractedData };
  expect((await settle(group, high, "complete", most)).status).toBe(200);
  expect(await jobOf(group, high)).toMatchObject(most);
  expect((await jobOf(group, low)).cost).toBe(0);
});

describe("processJobGroup", () => {
  test("releases a group once, and refuses an empty and a cancelled one", async () => {
    const group = await newGroup(0);
    expect(await post(group, "process")).toMatchObject({
      status: 409,
      body: { code: "GROUP_EMPTY" },
    });
    await add(group, { documentName: "a" });
    expect((await post(group, "process")).body.data).toMatchObject({ status: "queued" });
    expect((await post(group, "process")).body.data).toMatchObject({ status: "queued" });
    await post(group, "cancel");
    expect((await post(group, "process")).body.code).toBe("GROUP_CANCELLED");
  });
});

describe("claimJobs", () => {
  test("leases the oldest jobs, up to what is asked for and what parallelJobs leaves", async () => {
    const group = await newGroup(5, { settings: { parallelJobs: 3, timeoutMinutes: 5 } });
    const before = Date.now();
    const leases = [...(await claim(group, 2)), ...(await claim(group, 10))];
    const names = leases.map(({ documentName }) => documentName);
    expect(names).toEqual(["invoice-1.pdf", "invoice-2.pdf", "invoice-3.pdf"]);
    expect(new Set(leases.map(({ leaseId }) => leaseId)).size).toBe(3);
    const lasts = Date.parse(leases[0].leaseExpiresAt) - before;
    expect(Math.abs(lasts - 5 * 60_000)).toBeLessThan(30_000);
    expect(await claimAnswer(group)).toEqual({ success: true, data: [], reason: "parallel_limit" });
    expect(await expectCountersToBeExact(group)).toMatchObject({
      processingJobs: 3,
      status: "processing",
    });
  });

  test("says why there is nothing to lease", async () => {
    const group = await newGroup(1, { release: false });
    const empty = { success: true, data: [] };
    expect(await claimAnswer(group)).toEqual({ ...empty, reason: "not_released" });
    await post(group, "process");
    const [lease] = await claim(group);
    expect(await claimAnswer(group)).toEqual({ ...empty, reason: "nothing_queued" });
    await settle(group, lease, "fail", { error: "blurred" });
    const retryAt = expect.stringMatching(/^\d{4}-.*Z$/);
    expect(await claimAnswer(group)).toEqual({ ...empty, reason: "backing_off", retryAt });
    await post(group, "cancel");
    expect(await claimAnswer(group)).toEqual({ ...empty, reason: "finished" });
  });
});

describe("a report", () => {
  const first = { complete: { pages: 2 }, fail: { error: "blurred" }, release: {} };
  const hows = ["complete", "fail", "release"] as const;

  test.each(hows)("that repeats %s is a duplicate, and any other a conflict", async (how) => {
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
  });

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
