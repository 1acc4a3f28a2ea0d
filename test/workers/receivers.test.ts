import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { BASE, call, claim, data, newGroup, settle } from "../support/workers/api.ts";
import {
  SECOND,
  DELAYS,
  status,
  gate,
  receiver,
  stopClock,
  later,
  stubOf,
  subscribe,
  notificationsOf,
  endedGroup,
  become,
  verified,
  startAnew,
} from "../support/workers/notifications.ts";

startAnew();

describe("a delivery", () => {
  test("that fails five times is tried again at the times of the schedule, under one webhook-id", async () => {
    stopClock();
    const messages = receiver((_, nth) => new Response(null, { status: nth < 5 ? 500 : 200 }));
    const webhook = await subscribe();
    const group = await endedGroup();
    for (const [index, delay] of DELAYS.slice(0, 5).entries()) {
      const nextAttemptAt = new Date(Date.now() + delay * SECOND).toISOString();
      const lastError = "the receiver answered 500";
      await become(group, { status: "pending", attempts: index + 1, lastError, nextAttemptAt });
      later(delay - 1);
      await runDurableObjectAlarm(stubOf(group));
      expect(messages).toHaveLength(index + 1);
      later(1);
      await runDurableObjectAlarm(stubOf(group));
    }
    await become(group, { status: "delivered", attempts: 6 });
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
    expect(new Set(messages.map(({ text }) => text)).size).toBe(1);
    const last = messages.at(-1) ?? messages[0];
    expect(last && verified(webhook, last)).toMatchObject({ type: "job_group.completed" });
  });

  test("that always fails becomes dead and can be redelivered under the same webhook-id", async () => {
    stopClock();
    const messages = receiver((_, nth) => new Response(null, { status: nth < 7 ? 302 : 200 }));
    await subscribe();
    const group = await endedGroup();
    for (const [index, delay] of DELAYS.entries()) {
      await become(group, { status: "pending", attempts: index + 1 });
      later(delay);
      await runDurableObjectAlarm(stubOf(group));
    }
    await become(group, { status: "dead", attempts: 7, lastError: "the receiver answered 302" });
    const [{ notificationId, ...dead }] = await notificationsOf(group, "?status=dead");
    expect(dead).not.toHaveProperty("nextAttemptAt");
    const path = `${BASE}/${group}/notifications/${notificationId}/redeliver`;
    const { status: answered, body } = await call("POST", path);
    expect([answered, body.data.status]).toEqual([202, "pending"]);
    await become(group, { status: "delivered", attempts: 1 });
    expect(new Set(messages.map(({ id }) => id)).size).toBe(1);
  });

  test("that is answered 410 disables its webhook, which is sent nothing more", async () => {
    const messages = receiver(status(410));
    const { webhookId } = await subscribe();
    const lastError = "the receiver answered 410";
    await become(await endedGroup(), { status: "dead", attempts: 1, lastError });
    const [webhook] = await data("GET", "/webhook");
    expect(webhook).toMatchObject({ webhookId, disabledAt: expect.any(String) });
    expect(await notificationsOf(await endedGroup())).toEqual([]);
    expect(messages).toHaveLength(1);
  });

  test("to a webhook that was deleted meanwhile is not sent", async () => {
    stopClock();
    const messages = receiver(status(500));
    const { webhookId } = await subscribe();
    const group = await endedGroup();
    await become(group, { status: "pending", attempts: 1 });
    await call("DELETE", `/webhook/${webhookId}`);
    later(30);
    await runDurableObjectAlarm(stubOf(group));
    await become(group, { status: "dead", lastError: "the webhook was deleted" });
    expect(messages).toHaveLength(1);
  });

  test("without an answer postpones all that is due to its receiver, and counts for none of them", async () => {
    stopClock();
    const { answer, open } = gate();
    const silent = { isSilent: true };
    const messages = receiver(async () => {
      await answer();
      if (silent.isSilent) throw new Error("connection refused");
      return new Response();
    });
    await subscribe({ events: ["job.failed"] });
    const group = await newGroup(10, { settings: { parallelJobs: 10 } });
    const leases = await claim(group, 10);
    const failing = { error: "unreadable", retryable: false };
    await Promise.all(leases.map((lease) => settle(group, lease, "fail", failing)));
    open();
    const counted = async () =>
      (await notificationsOf(group)).filter(({ lastError }) => lastError === "no answer").length;
    const unanswered = messages.length;
    await expect.poll(counted).toBe(unanswered);
    expect(unanswered).toBeLessThan(10);
    await runDurableObjectAlarm(stubOf(group));
    expect(messages).toHaveLength(unanswered);
    silent.isSilent = false;
    later(30);
    await runDurableObjectAlarm(stubOf(group));
    await expect.poll(() => notificationsOf(group, "?status=delivered")).toHaveLength(10);
    const attempts = (await notificationsOf(group)).map((one) => one["attempts"]);
    expect(attempts.reduce((sum, made) => sum + made)).toBe(messages.length);
    expect(messages).toHaveLength(10 + unanswered);
  });
});

test("a receiver that hangs holds up neither reports nor the expiry of leases", async () => {
  stopClock();
  const { answer, open } = gate();
  const messages = receiver(answer);
  await subscribe({ events: ["job.failed"] });
  const group = await newGroup(3, { settings: { timeoutMinutes: 5, retryCount: 0 } });
  const [first, second] = await claim(group, 3);
  await settle(group, first, "fail", { error: "unreadable", retryable: false });
  await expect.poll(() => messages.length).toBe(1);
  expect((await settle(group, second, "complete")).body.data.outcome).toBe("applied");
  later(300);
  await runDurableObjectAlarm(stubOf(group));
  const { status: groupStatus, failedJobs } = await data("GET", `${BASE}/${group}`);
  expect({ groupStatus, failedJobs }).toEqual({ groupStatus: "completed", failedJobs: 2 });
  open();
  await expect.poll(() => notificationsOf(group, "?status=delivered")).toHaveLength(2);
});
