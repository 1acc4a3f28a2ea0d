import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { identityOf, toGroupInput } from "../../src/api/groups/input.ts";
import { JobGroupInput } from "../../src/api/groups/schema.ts";
import { configOf } from "../../src/config.ts";
import worker from "../../src/index.ts";
import { BASE, call, claim, data, newGroup, settle } from "../support/workers/api.ts";
import { later, startAnew, stopClock } from "../support/workers/notifications.ts";
import { database } from "../support/workers/database.ts";

startAnew();

const DAY = 24 * 60 * 60;
const runCron = () => worker.scheduled(createScheduledController({ cron: "* * * * *" }), env);
const statusOf = async (group: string) => (await call("GET", `${BASE}/${group}`)).status;

/** A group that has ended, by the report of its only job. */
async function ended(fields: object): Promise<string> {
  const group = await newGroup(1, { ...fields });
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete");
  return group;
}

test("an ended group goes with its jobs when its days are over, and not before", async () => {
  stopClock();
  const [kept, short, long] = [
    await ended({}),
    await ended({ retentionDays: 1 }),
    await ended({ retentionDays: 2 }),
  ];
  const { completedAt, deletesAt } = await data("GET", `${BASE}/${short}`);
  expect(Date.parse(deletesAt) - Date.parse(completedAt)).toBe(DAY * 1_000);
  later(DAY - 1);
  await runCron();
  expect(await statusOf(short)).toBe(200);
  later(1);
  await runCron();
  expect(await Promise.all([kept, short, long].map(statusOf))).toEqual([200, 404, 200]);
  const jobs = await database
    .prepare("SELECT count(*) AS n FROM job WHERE group_id = ?")
    .bind(short)
    .first("n");
  expect(jobs).toBe(0);
});

test("a group that is reopened, or told to be kept longer, is kept", async () => {
  stopClock();
  const [reopened, longer] = [await ended({ retentionDays: 1 }), await ended({ retentionDays: 1 })];
  await data("POST", `${BASE}/${reopened}/jobs`, { jobs: [{ documentName: "late.pdf" }] });
  const { retentionDays: _, ...body } = await data("GET", `${BASE}/${longer}`);
  await call("PUT", `${BASE}/${longer}`, { body });
  later(2 * DAY);
  await runCron();
  for (const group of [reopened, longer]) {
    expect(await data("GET", `${BASE}/${group}`)).not.toHaveProperty("deletesAt");
  }
});

test("a run deletes at most 20 groups, and the next ones the rest", async () => {
  stopClock();
  const groups: string[] = [];
  for (let number = 0; number < 23; number++) groups.push(await ended({ retentionDays: 1 }));
  later(DAY);
  const left = async () =>
    (await Promise.all(groups.map(statusOf))).filter((status) => status === 200).length;
  await runCron();
  expect(await left()).toBe(3);
  await runCron();
  expect(await left()).toBe(0);
});

test("RETENTION_DAYS is the default of new groups", async () => {
  const bindings = { RETENTION_DAYS: "30" };
  const body = { name: "Kept", template: "t" };
  const group = async (fields: object) =>
    (await call("POST", BASE, { body: { ...body, ...fields }, bindings })).body.data.retentionDays;
  expect(await group({})).toBe(30);
  expect(await group({ retentionDays: 7 })).toBe(7);
});

test("a creation that names no new field is known by the key that the first version stored", () => {
  const body = JobGroupInput.parse({ name: "March", template: "t", tags: ["a"] });
  const input = toGroupInput(body, configOf({ RETENTION_DAYS: "30" } as Env));
  expect(JSON.stringify(identityOf(input, body))).toBe(
    '{"name":"March","description":null,"batchNumber":null,"template":"t","priority":"medium","parallelJobs":3,' +
      '"retryCount":2,"timeoutMinutes":30,"onCompletion":false,"onFailure":true,"recipients":[],"createdBy":null,' +
      '"assignedTo":null,"tags":["a"],"metadata":"{}"}',
  );
});
