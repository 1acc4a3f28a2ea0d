import { expect, test, vi } from "vitest";
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
import * as faults from "../support/workers/commands.ts";
import { database } from "../support/workers/database.ts";

const erase = (group: string, jobId: string) => call("DELETE", `${BASE}/${group}/jobs/${jobId}`);
const jobsOf = (group: string, query = ""): Promise<Json[]> =>
  data("GET", `${BASE}/${group}/jobs${query}`);

/** Two completed jobs, one failed and two waiting. */
async function worked() {
  const group = await newGroup(5, { settings: { parallelJobs: 3 } });
  const [first, second, third] = await claim(group, 3);
  await settle(group, first, "complete", { pages: 2, cost: 0.5, extractedData: { total: 1 } });
  await settle(group, second, "complete", { pages: 3, cost: 0.25 });
  await settle(group, third, "fail", { error: "unreadable", retryable: false });
  return { group, first, second, third };
}

test("a deleted job leaves counters, pages and cost as if it had never been added", async () => {
  const { group, first, third } = await worked();
  expect((await erase(group, first.jobId)).status).toBe(200);
  const left = await expectCountersToBeExact(group);
  expect(left).toMatchObject({ totalJobs: 4, completedJobs: 1, pendingJobs: 2 });
  expect(left.statistics).toMatchObject({ totalDocuments: 2, totalPages: 3, totalCost: 0.25 });
  await erase(group, third.jobId);
  expect((await expectCountersToBeExact(group)).failedJobs).toBe(0);
  expect((await call("GET", `${BASE}/${group}/jobs/${first.jobId}`)).status).toBe(404);
  expect(await erase(group, first.jobId)).toMatchObject({
    status: 404,
    body: { code: "JOB_NOT_FOUND" },
  });
});

test("refuses to delete a job that is queued or being processed, and changes nothing", async () => {
  const group = await newGroup(2, { settings: { parallelJobs: 1 } });
  await claim(group, 1);
  const before = await data("GET", `${BASE}/${group}`);
  for (const { jobId } of await jobsOf(group)) {
    expect(await erase(group, jobId)).toMatchObject({
      status: 409,
      body: { code: "JOB_UNFINISHED" },
    });
  }
  expect(await data("GET", `${BASE}/${group}`)).toEqual(before);
});

test("jobs added after a deletion come last, under numbers and ids of their own", async () => {
  const { group, first, second } = await worked();
  await erase(group, first.jobId);
  await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "late.pdf" }] });
  const all = await jobsOf(group);
  expect(all.at(-1)).toMatchObject({ documentName: "late.pdf" });
  const numbers = all.map(({ jobId }) => (jobId as string).slice(0, 5));
  expect(numbers).toEqual(["00001", "00002", "00003", "00004", "00005"]);
  expect(await jobsOf(group, "?offset=1&limit=2")).toEqual(all.slice(1, 3));
  expect(all[0].jobId).toBe(second.jobId);
  const rest = await claim(group, 10);
  expect(rest.map(({ documentName }) => documentName)).toContain("late.pdf");
});

test("the number of a job that is deleted can be added again in the same commit", async () => {
  const { id, leases } = await faults.newGroup(3);
  const numbered = {
    ...faults.adds(1),
    jobs: [{ ...faults.newJob, documentName: "a.pdf", jobNumber: "1" }],
  };
  await faults.send(id, numbered);
  for (const lease of leases) await faults.send(id, faults.completes(lease));
  const lease = (await faults.leasesOf(faults.send(id, faults.claims(4)))).at(-1);
  await faults.send(id, faults.failsForGood(lease));
  const refused = vi.spyOn(console, "error");
  const sent = [
    { kind: "resume" },
    { kind: "erase", jobId: lease?.jobId ?? "" },
    { ...numbered, idSuffix: "f".repeat(19) },
  ] as const;
  const outcomes = await faults.inOneGo(
    id,
    sent.map((command) => faults.request(id, command)),
  );
  expect(outcomes).toMatchObject(
    [{}, {}, { added: 1 }].map((reply) => ({ status: "fulfilled", value: { ok: true, reply } })),
  );
  expect(refused).not.toHaveBeenCalled();
});

test("an ended group without its only completed job has failed", async () => {
  const group = await newGroup(2);
  const [good, bad] = await claim(group, 2);
  await settle(group, good, "complete");
  await settle(group, bad, "fail", { error: "unreadable", retryable: false });
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject({ status: "completed" });
  await erase(group, good.jobId);
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject({ status: "failed", totalJobs: 1 });
});

/** The rows of the store, but for hashes, in which a text stands. */
async function rowsWith(text: string): Promise<number> {
  const columns = [
    ["job", "document_name || coalesce(metadata, '') || coalesce(error, '')"],
    ["delivery", "payload"],
    ["receipt", "reply"],
    ["job_group", "name || metadata"],
  ];
  const counts = columns.map(([table, expression]) =>
    database
      .prepare(`SELECT count(*) AS n FROM ${table} WHERE instr(${expression}, ?) > 0`)
      .bind(text),
  );
  const found = await database.batch<{ n: number }>(counts);
  return found.reduce((sum, { results }) => sum + (results[0]?.n ?? 0), 0);
}

test("nothing in the store shows a deleted job, nor a deleted group", async () => {
  const secret = `secret-${crypto.randomUUID()}`;
  const keyed = () => ({ "idempotency-key": crypto.randomUUID() });
  await data("POST", "/webhook", { url: "https://example.com/erased" });
  const body = { name: secret, template: "t-1", metadata: { note: secret } };
  const { _id: group } = (await call("POST", BASE, { body, headers: keyed() })).body.data;
  const jobs = [{ documentName: `${secret}-job.pdf`, metadata: { note: `${secret}-job` } }];
  await call("POST", `${BASE}/${group}/jobs`, { body: { jobs }, headers: keyed() });
  await call("POST", `${BASE}/${group}/process`, { headers: keyed() });
  const claimed = await call("POST", `${BASE}/${group}/jobs/claim`, {
    body: { workerId: "w", maxJobs: 1 },
    headers: keyed(),
  });
  const [lease] = claimed.body.data;
  await settle(group, lease, "fail", { error: `${secret}-job`, retryable: false });
  expect(await rowsWith(`${secret}-job`)).toBeGreaterThanOrEqual(3);

  await erase(group, lease.jobId);
  expect(await rowsWith(`${secret}-job`)).toBe(0);
  expect(await rowsWith(secret)).toBeGreaterThan(0);

  await data("DELETE", `${BASE}/${group}`);
  expect(await rowsWith(secret)).toBe(0);
});
