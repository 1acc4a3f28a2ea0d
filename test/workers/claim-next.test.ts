import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
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

const next = { claimNext: true, pages: 1 };

test("one claim and claimNext works through a group, each job once and in order", async () => {
  const group = await newGroup(5, { settings: { parallelJobs: 1 } });
  const done: string[] = [];
  let [lease] = await claim(group, 1);
  let answer: Json;
  while (lease !== undefined) {
    done.push(lease.documentName);
    answer = (await settle(group, lease, "complete", next)).body.data;
    lease = answer.next.lease;
  }
  expect(done).toEqual([1, 2, 3, 4, 5].map((number) => `invoice-${number}.pdf`));
  expect(answer).toMatchObject({ next: { reason: "finished" }, group: { status: "completed" } });
  expect(await expectCountersToBeExact(group)).toMatchObject({ completedJobs: 5 });
});

test("the next lease is the worker's own, and like any other", async () => {
  const group = await newGroup(2, { settings: { timeoutMinutes: 5 } });
  const [first] = await claim(group, 1);
  const { body } = await settle(group, first, "complete", next);
  const { lease } = body.data.next;
  expect(lease).toMatchObject({ groupId: group, attempt: 1, template: "t-1", metadata: {} });
  const job = await data("GET", `${BASE}/${group}/jobs/${lease.jobId}`);
  expect(job).toMatchObject({ status: "processing", workerId: "w", attempts: 1 });
  expect(job.leaseExpiresAt).toBe(lease.leaseExpiresAt);
  expect(body.data.group).toMatchObject({ completedJobs: 1, pendingJobs: 1, processingJobs: 1 });
});

test("after a lost answer the repeat answers the same next lease, and leases nothing more", async () => {
  const group = await newGroup(4, { settings: { parallelJobs: 10 } });
  const [first] = await claim(group, 1);
  const lost = await settle(group, first, "complete", next);
  const again = await settle(group, first, "complete", next);
  expect(again.body.data).toMatchObject({ outcome: "duplicate", next: lost.body.data.next });
  expect(again.body.data.group.processingJobs).toBe(1);
});

test("a late repeat leases nothing to a processor that has long moved on", async () => {
  const group = await newGroup(4);
  const [first] = await claim(group, 1);
  const { body } = await settle(group, first, "complete", next);
  await settle(group, body.data.next.lease, "release");
  const late = await settle(group, first, "complete", next);
  expect(late.body.data).toMatchObject({ outcome: "duplicate", group: { processingJobs: 0 } });
  expect(late.body.data).not.toHaveProperty("next");
});

test("an object that has forgotten its group finds the next lease all the same", async () => {
  const group = await newGroup(2);
  const [first] = await claim(group, 1);
  await evictDurableObject(env.GROUP_COORDINATOR.getByName(group));
  const { body } = await settle(group, first, "complete", next);
  expect(body.data.next.lease).toMatchObject({ documentName: "invoice-2.pdf" });
});

test("says why there is no next lease", async () => {
  const group = await newGroup(2, { settings: { parallelJobs: 2 } });
  const [first, second] = await claim(group, 2);
  const { body } = await settle(group, first, "complete", next);
  expect(body.data.next).toEqual({ reason: "nothing_queued" });
  const plain = await settle(group, second, "complete");
  expect(plain.body.data).not.toHaveProperty("next");
});

test("no job is passed over or leased twice in a group far larger than what is read ahead", async () => {
  const group = await newGroup(130, { settings: { parallelJobs: 10 } });
  const leased: string[] = [];
  let held = await claim(group, 10);
  for (let step = 0; held.length > 0; step++) {
    leased.push(...held.map(({ jobId }) => jobId));
    if (step === 4)
      await data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: "late.pdf" }] });
    const answers = await Promise.all(held.map((lease) => settle(group, lease, "complete", next)));
    held = answers.flatMap(({ body }) => body.data.next.lease ?? []);
  }
  const { data: jobs } = (await call("GET", `${BASE}/${group}/jobs`)).body;
  expect(leased.toSorted()).toEqual(jobs.map(({ jobId }: Json) => jobId));
  expect(await expectCountersToBeExact(group)).toMatchObject({ completedJobs: 131 });
});

test("a job given back is leased before those never claimed, though these are at hand", async () => {
  const group = await newGroup(20);
  const [first] = await claim(group, 1);
  await settle(group, first, "release");
  const [again] = await claim(group, 1);
  expect(again.jobId).toBe(first.jobId);
});
