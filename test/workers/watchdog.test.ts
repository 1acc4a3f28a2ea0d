import { createScheduledController, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { Courier } from "../../src/notify/courier.ts";
import { BASE, claim, data, newGroup } from "../support/workers/api.ts";
import {
  become,
  endedGroup,
  later,
  notificationsOf,
  receiver,
  SECOND,
  startAnew,
  status,
  stopClock,
  stubOf,
  subscribe,
} from "../support/workers/notifications.ts";
import { database, SHARD } from "../support/workers/database.ts";

startAnew();

const runCron = (bindings: Env = env) =>
  worker.scheduled(createScheduledController({ cron: "* * * * *" }), bindings);

const loseAlarm = (group: string) =>
  runInDurableObject(stubOf(group), (_, { storage }) => storage.deleteAlarm());
const alarmOf = (group: string) =>
  runInDurableObject(stubOf(group), (_, { storage }) => storage.getAlarm());
const processingJobs = async (group: string) =>
  (await data("GET", `${BASE}/${group}`))["processingJobs"];

/** A group with one leased job, whose alarm is lost. The lease ends after five minutes. */
async function leasedWithoutAlarm(): Promise<string> {
  const group = await newGroup(2, { settings: { timeoutMinutes: 5, retryCount: 0 } });
  await claim(group, 1);
  await loseAlarm(group);
  return group;
}

test("a lease whose alarm was lost expires within a minute of being overdue, and not before", async () => {
  stopClock();
  const group = await leasedWithoutAlarm();
  later(5 * 60 + 59);
  await runCron();
  expect(await processingJobs(group)).toBe(1);
  later(1);
  await runCron();
  expect(await processingJobs(group)).toBe(0);
});

/** A group whose cancel has stopped after its first step, as when its object died. */
async function partlyCancelled(): Promise<string> {
  const group = await newGroup(5);
  const [status, at] = ["status = 'cancelled'", "completed_at = updated_at"];
  await database.exec(
    `UPDATE job_group SET ${status}, ${at}, cancelled_jobs = 1, cancelled_unclaimed = 1, pending_jobs = 4 WHERE id = '${group}'`,
  );
  await database.exec(
    `UPDATE job SET ${status}, ${at} WHERE group_id = '${group}' AND id LIKE '00000%'`,
  );
  await evictDurableObject(stubOf(group));
  return group;
}

test("a cancel that has stopped is finished by the alarm, and by the watchdog a minute after its last step", async () => {
  stopClock();
  const ENDED = { status: "cancelled", cancelledJobs: 5, pendingJobs: 0 };
  const [group, other] = [await partlyCancelled(), await partlyCancelled()];
  await stubOf(group).wake({ groupId: group, workspace: "default", shard: SHARD });
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject(ENDED);
  later(59);
  await runCron();
  expect(await data("GET", `${BASE}/${other}`)).toMatchObject({ pendingJobs: 4 });
  later(1);
  await runCron();
  expect(await data("GET", `${BASE}/${other}`)).toMatchObject(ENDED);
  for (const each of [group, other])
    expect(await data("GET", `${BASE}/${each}/verify`)).toMatchObject({ consistent: true });
});

test("a notice whose alarm was lost is sent once it is overdue by a minute", async () => {
  stopClock();
  const wake = vi.spyOn(Courier.prototype, "wake").mockResolvedValue();
  const messages = receiver(status(200));
  await subscribe();
  const group = await endedGroup();
  await expect.poll(() => wake.mock.calls.map(([woken]) => woken.groupId)).toContain(group);
  wake.mockRestore();
  await loseAlarm(group);
  later(59);
  await runCron();
  expect(messages).toHaveLength(0);
  later(1);
  await runCron();
  await become(group, { status: "delivered", attempts: 1 });
});

test("an alarm that the object's memory takes for set is set again", async () => {
  stopClock();
  const group = await leasedWithoutAlarm();
  await stubOf(group).wake({ groupId: group, workspace: "default", shard: SHARD });
  expect(await alarmOf(group)).toBe(Date.now() + 5 * 60 * SECOND);
});

test("a group that cannot be woken does not keep the others from it", async () => {
  stopClock();
  const groups = await Promise.all([leasedWithoutAlarm(), leasedWithoutAlarm()]);
  const [broken = "", sound = ""] = groups.toSorted();
  later(6 * 60);
  const GROUP_COORDINATOR = {
    getByName: (name: string) =>
      name === broken ? { wake: () => Promise.reject(new Error("broken")) } : stubOf(name),
  } as typeof env.GROUP_COORDINATOR;
  await runCron({ ...env, GROUP_COORDINATOR });
  expect(await processingJobs(broken)).toBe(1);
  expect(await processingJobs(sound)).toBe(0);
});

test("a group that is gone when it is woken leaves no alarm", async () => {
  const group = "f".repeat(24);
  await stubOf(group).wake({ groupId: group, workspace: "default", shard: SHARD });
  expect(await alarmOf(group)).toBe(null);
});

test("a notice that arrived goes after 30 days; one that is pending or dead stays", async () => {
  stopClock();
  const messages = receiver((_, nth) => new Response(null, { status: nth === 0 ? 200 : 410 }));
  await subscribe();
  const [arrived, dead] = [await endedGroup(), await endedGroup()];
  await become(arrived, { status: "delivered" });
  await become(dead, { status: "dead" });
  expect(messages).toHaveLength(2);
  later(30 * 24 * 60 * 60 - 1);
  await runCron();
  expect(await notificationsOf(arrived)).toHaveLength(1);
  later(2);
  await runCron();
  expect(await notificationsOf(arrived)).toEqual([]);
  expect(await notificationsOf(dead)).toHaveLength(1);
});
