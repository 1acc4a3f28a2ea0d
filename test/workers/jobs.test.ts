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
  test("takes a document's URL at any place, and its type in any spelling, answering what is stored", async () => {
    const group = await newGroup();
    const documents = [
      { documentUrl: "s3://scans/2026/a%20b.tif", documentType: "tif" },
      { documentUrl: "gs://scans/b.pdf", documentType: "PDF" },
      { documentUrl: "HTTPS://files.example.com/c", documentType: "Jpeg" },
    ];
    const { body } = await add(group, ...documents.map((one) => ({ documentName: "a", ...one })));
    const stored = await Promise.all(body.data.jobs.map((job: Json) => jobOf(group, job)));
    expect(stored).toMatchObject([
      { documentUrl: "s3://scans/2026/a%20b.tif", documentType: "tiff" },
      { documentUrl: "gs://scans/b.pdf", documentType: "pdf" },
      { documentUrl: "HTTPS://files.example.com/c", documentType: "jpeg" },
    ]);
  });

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
    const { retryAt, ...full } = await claimAnswer(group);
    expect(full).toEqual({ success: true, data: [], reason: "parallel_limit" });
    expect(Date.parse(retryAt)).toBeGreaterThan(Date.now() + 4 * 60_000);
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
