import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import {
  BASE,
  call,
  claim,
  data,
  expectCountersToBeExact,
  newGroup,
  settle,
} from "../support/workers/api.ts";

test("40 parallel commands on one group leave counters that equal a recount", async () => {
  const group = await newGroup(30, { settings: { parallelJobs: 10 } });
  const leases = await claim(group);
  const claims = Array.from({ length: 10 }, () => claim(group, 2));
  const completions = leases.flatMap((lease) => [
    settle(group, lease, "complete", { pages: 1, cost: 0.1 }),
    settle(group, lease, "complete", { pages: 1, cost: 0.1 }),
  ]);
  const adds = Array.from({ length: 10 }, (_, index) =>
    data("POST", `${BASE}/${group}/jobs`, { jobs: [{ documentName: `more-${index}.pdf` }] }),
  );
  const answers = await Promise.all(completions);
  await Promise.all([...claims, ...adds]);
  const outcomes = answers.map(({ body }) => body.data.outcome);
  expect(outcomes.filter((outcome) => outcome === "applied")).toHaveLength(10);
  expect(outcomes.filter((outcome) => outcome === "duplicate")).toHaveLength(10);
  const answer = await expectCountersToBeExact(group);
  expect(answer).toMatchObject({ totalJobs: 40, completedJobs: 10 });
  expect(answer.processingJobs).toBeLessThanOrEqual(10);
  expect(answer.statistics).toMatchObject({ totalPages: 10, totalCost: 1 });
});

test("a coordinator evicted between any two calls changes nothing", async () => {
  const group = await newGroup(3, { settings: { parallelJobs: 2, retryCount: 1 } });
  const evict = () => evictDurableObject(env.GROUP_COORDINATOR.getByName(group));
  await evict();
  const [first, second] = await claim(group, 2);
  await evict();
  expect((await settle(group, first, "complete", { cost: 0.5 })).body.data.outcome).toBe("applied");
  await evict();
  expect((await settle(group, first, "complete", { cost: 0.5 })).body.data.outcome).toBe(
    "duplicate",
  );
  await evict();
  const failed = await settle(group, second, "fail", { error: "blurred" });
  expect(failed.body.data).toMatchObject({ status: "queued", attempt: 1 });
  await evict();
  const [third] = await claim(group);
  await evict();
  expect((await settle(group, third, "complete")).body.data.outcome).toBe("applied");
  const answer = await expectCountersToBeExact(group);
  expect(answer).toMatchObject({ completedJobs: 2, pendingJobs: 1, status: "processing" });
});

test("refuses a report under a lease that is not the job's current one", async () => {
  const group = await newGroup(1);
  const [lease] = await claim(group);
  const stale = await settle(group, { ...lease, leaseId: "0".repeat(32) }, "complete");
  expect(stale).toMatchObject({ status: 409, body: { code: "LEASE_LOST" } });
  await settle(group, lease, "release");
  const [again] = await claim(group);
  expect(again.attempt).toBe(1);
  expect(await settle(group, lease, "complete")).toMatchObject({ body: { code: "LEASE_LOST" } });
  expect(await expectCountersToBeExact(group)).toMatchObject({ completedJobs: 0 });
});

test("a created group's counters begin at zero and an unknown id is refused", async () => {
  const group = await newGroup();
  await expectCountersToBeExact(group);
  expect((await call("GET", `${BASE}/${"0".repeat(24)}`)).status).toBe(404);
});
