import { evictDurableObject } from "cloudflare:test";
import { expect, test } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import {
  notificationsOf,
  receiver,
  startAnew,
  status,
  stubOf,
  subscribe,
  verified,
} from "../support/workers/notifications.ts";
import { schemaFault } from "../support/workers/spec.ts";
import { database } from "../support/workers/database.ts";

startAnew();

const ALL = { events: ["job.completed"] };

/** The jobs that the stored notices tell of, each with the webhook that is told. */
const told = async (group: string): Promise<string[]> => {
  const { results } = await database
    .prepare(
      "SELECT payload ->> '$.data.job.jobId' AS job, destination FROM delivery WHERE group_id = ? ORDER BY id",
    )
    .bind(group)
    .all<{ job: string; destination: string }>();
  return results.map(({ job, destination }) => `${job} ${destination}`).toSorted();
};

test("each completed job is told to the webhooks that ask for it, without its extracted data", async () => {
  const messages = receiver(status(204));
  const asked = await subscribe(ALL);
  const usual = await subscribe();
  const group = await newGroup(3);
  const [good, bad] = await claim(group, 2);
  const result = { pages: 4, cost: 0.5, confidence: 0.9, extractedData: { total: "secret" } };
  await settle(group, good, "complete", result);
  await settle(group, bad, "fail", { error: "bad" });
  await expect.poll(() => messages.length).toBe(1);
  const [message] = messages;
  if (message === undefined) throw new Error("no message");
  const event = verified(asked, message);
  expect(event).toMatchObject({
    type: "job.completed",
    data: {
      groupId: group,
      completedJobs: 1,
      pendingJobs: 2,
      job: { jobId: good.jobId, pages: 4 },
    },
  });
  expect(event.data.job).toMatchObject({ cost: 0.5, confidence: 0.9, attempts: 1 });
  expect(message.text).not.toContain("secret");
  expect(schemaFault("CompletedJobEvent", event)).toBeNull();
  expect(usual.events).not.toContain("job.completed");
});

test.each([true, false])(
  "a webhook hears of every job that completes after it was created, the object forgotten: %s",
  async (forget) => {
    receiver(status(204));
    const group = await newGroup(6, { settings: { parallelJobs: 6 } });
    const leases = await claim(group, 6);
    await settle(group, leases[0], "complete");
    if (forget) await evictDurableObject(stubOf(group));
    const { webhookId } = await subscribe(ALL);
    await Promise.all(leases.slice(1).map((lease: Json) => settle(group, lease, "complete")));
    const heard = leases.slice(1).map(({ jobId }: Json) => `${jobId} ${webhookId}`);
    expect(await told(group)).toEqual(heard.toSorted());
  },
);

test("a job that is run again is told again, and a repeated report is not", async () => {
  receiver(status(204));
  await subscribe(ALL);
  const group = await newGroup(1);
  for (let round = 0; round < 2; round++) {
    const [lease] = await claim(group, 1);
    await settle(group, lease, "complete");
    await settle(group, lease, "complete");
    await call("POST", `${BASE}/${group}/retry`, { body: { status: ["completed"] } });
  }
  expect(await notificationsOf(group)).toHaveLength(2);
});

test("a webhook hears only of jobs in the groups that its filter lets through", async () => {
  receiver(status(204));
  const { webhookId } = await subscribe({ ...ALL, filter: { template: "a" } });
  const [group, other] = [
    await newGroup(1, { template: "a" }),
    await newGroup(1, { template: "b" }),
  ];
  for (const each of [group, other]) {
    const [lease] = await claim(each, 1);
    await settle(each, lease, "complete");
  }
  expect((await notificationsOf(group)).map((sent) => sent.webhookId)).toEqual([webhookId]);
  expect(await notificationsOf(other)).toEqual([]);
});

test("a webhook that is deleted hears no more, and its group goes on", async () => {
  receiver(status(204));
  const { webhookId } = await subscribe(ALL);
  const group = await newGroup(2);
  const [first, second] = await claim(group, 2);
  await settle(group, first, "complete");
  await data("DELETE", `/webhook/${webhookId}`);
  expect((await settle(group, second, "complete")).status).toBe(200);
  expect(await told(group)).toEqual([`${first.jobId} ${webhookId}`]);
});

test("a deleted job takes the notice of its completion along", async () => {
  receiver(status(204));
  await subscribe(ALL);
  const group = await newGroup(2);
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete");
  await data("DELETE", `${BASE}/${group}/jobs/${lease.jobId}`);
  expect(await told(group)).toEqual([]);
});

test("a workspace whose webhooks ask for other events pays nothing for each completed job", async () => {
  const group = await newGroup(3);
  const leases = await claim(group, 3);
  const costs: unknown[] = [];
  const complete = async (lease: Json) => {
    const meter = new Meter(database);
    await settle(group, lease, "complete");
    const { roundTrips, statements, rowsRead, rowsWritten } = meter.take();
    costs.push({ roundTrips, statements, rowsRead, rowsWritten });
  };
  await complete(leases[0]);
  for (let n = 0; n < 5; n++) await subscribe();
  await complete(leases[1]);
  expect(costs[1]).toEqual(costs[0]);
});
