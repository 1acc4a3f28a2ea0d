import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { describe, expect, test, vi } from "vitest";
import { Courier } from "../../src/notify/courier.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import {
  type Message,
  URL,
  status,
  receiver,
  stopClock,
  later,
  subscribe,
  notificationsOf,
  endedGroup,
  become,
  verified,
  startAnew,
} from "../support/workers/notifications.ts";
import { schemaFault } from "../support/workers/spec.ts";
import { database, SHARD } from "../support/workers/database.ts";

startAnew();

test("the end of a group is sent to its webhook, signed and in the shape of the spec", async () => {
  const messages = receiver(status(204));
  const webhook = await subscribe();
  const group = await endedGroup("complete", { batchNumber: "B-1" });
  await become(group, { status: "delivered", attempts: 1, webhookId: webhook.webhookId });
  const [message] = messages as [Message];
  expect(message.url).toBe(URL);
  const event = verified(webhook, message);
  expect(event).toMatchObject({ type: "job_group.completed", data: { groupId: group, run: 1 } });
  expect(schemaFault("GroupEvent", event)).toBeNull();
  expect(() => new Webhook(btoa("other")).verify(message.text, message.headers)).toThrow(
    "No matching signature",
  );
});

test("a job's failure for good, its group's end and a cancellation are each sent once", async () => {
  const messages = receiver(status(200));
  const webhook = await subscribe();
  const group = await endedGroup("fail");
  const cancelled = await newGroup(1);
  await data("POST", `${BASE}/${cancelled}/cancel`);
  await expect.poll(() => messages.length).toBe(3);
  const events = messages.map((message) => verified(webhook, message));
  const failed = events.find(({ type }) => type === "job.failed");
  expect(failed.data).toMatchObject({ groupId: group, job: { attempts: 1, error: "unreadable" } });
  expect(schemaFault("JobEvent", failed)).toBeNull();
  const types = ["job.failed", "job_group.cancelled", "job_group.failed"];
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(types));
  expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
});

test("an event tells how many jobs are leased", async () => {
  const messages = receiver(status(200));
  const webhook = await subscribe({ events: ["job.failed"] });
  const group = await newGroup(4, { settings: { parallelJobs: 3 } });
  const [first] = await claim(group, 3);
  await settle(group, first, "fail", { error: "unreadable", retryable: false });
  await expect.poll(() => messages.length).toBe(1);
  const [message] = messages as [Message];
  const { data: told } = verified(webhook, message);
  expect(told).toMatchObject({ pendingJobs: 3, processingJobs: 2, failedJobs: 1 });
});

test("the end of a reopened group is sent again, under another webhook-id", async () => {
  const messages = receiver(status(200));
  await subscribe({ events: ["job_group.failed", "job_group.completed"] });
  const group = await endedGroup("fail");
  await data("POST", `${BASE}/${group}/retry`);
  const [lease] = await claim(group, 1);
  await settle(group, lease, "complete");
  await expect.poll(() => notificationsOf(group, "?status=delivered")).toHaveLength(2);
  const [latest, first] = await notificationsOf(group);
  expect(latest).toMatchObject({ event: "job_group.completed", run: 2 });
  expect(first).toMatchObject({ event: "job_group.failed", run: 1 });
  const ids = [first, latest].map(({ notificationId }) => `${group}.${notificationId}`);
  expect(messages.map(({ id }) => id)).toEqual(ids);
});

test("a webhook is sent only the events it asked for, and only those of its workspace", async () => {
  const { key } = await data("POST", "/api-key", {
    name: "other",
    scopes: ["groups:write"],
    workspace: "elsewhere",
  });
  await call("POST", "/webhook", { key, body: { url: URL } });
  const wake = vi.spyOn(Courier.prototype, "wake");
  const group = await endedGroup("fail");
  expect(await notificationsOf(group)).toEqual([]);
  expect(wake.mock.calls.filter(([woken]) => woken.groupId === group)).toEqual([]);
  receiver(status(200));
  await subscribe({ events: ["job.failed"] });
  await become(await endedGroup("fail"), { event: "job.failed", status: "delivered" });
});

test("150 notices at a time are each sent once", async () => {
  const messages = receiver(status(204));
  await subscribe({ events: ["job.failed"] });
  const group = await newGroup(150, { settings: { parallelJobs: 10, retryCount: 0 } });
  for (let round = 0; round < 15; round++) {
    const leases = await claim(group, 10);
    const failing = { error: "unreadable", retryable: false };
    await Promise.all(leases.map((lease) => settle(group, lease, "fail", failing)));
  }
  await expect.poll(() => messages.length).toBe(150);
  expect(new Set(messages.map(({ id }) => id)).size).toBe(150);
});

test("deleting a group deletes its undelivered notices", async () => {
  receiver(status(500));
  await subscribe();
  const group = await endedGroup();
  await become(group, { status: "pending", attempts: 1 });
  await call("DELETE", `${BASE}/${group}`);
  const left = await database
    .prepare("SELECT count(*) AS n FROM delivery WHERE group_id = ?")
    .bind(group)
    .first("n");
  expect(left).toBe(0);
});

describe("e-mail", () => {
  const notifications = { onCompletion: true, recipients: ["a@example.com", "b@example.com"] };

  test("waits, and says so, until the server has a sender and a base URL", async () => {
    stopClock();
    const group = await endedGroup("complete", { notifications });
    const lastError = "waits for the server's configuration: EMAIL_FROM, BASE_URL";
    const waiting = { status: "pending", attempts: 0, lastError, event: "job_group.completed" };
    await expect
      .poll(() => notificationsOf(group))
      .toMatchObject([
        { ...waiting, recipient: "b@example.com" },
        { ...waiting, recipient: "a@example.com" },
      ]);
  });

  test("goes to each recipient alone, and is tried again when the mail service refuses it", async () => {
    stopClock();
    const group = await endedGroup("fail", { notifications, name: "March" });
    await expect.poll(() => notificationsOf(group, "?status=pending")).toHaveLength(4);
    await expect
      .poll(async () => (await notificationsOf(group)).filter(({ lastError }) => lastError).length)
      .toBe(4);
    const send = vi.fn<(email: Json) => Promise<EmailSendResult>>();
    send.mockResolvedValue({ messageId: "1" });
    send.mockRejectedValueOnce(new Error("quota"));
    const working: Promise<void>[] = [];
    const courier = new Courier({
      env: { ...env, EMAIL: { send }, EMAIL_FROM: "us@example.com", BASE_URL: "https://a.example" },
      wakeAt: () => Promise.resolve(),
      background: (work) => void working.push(work),
    });
    later(900);
    await courier.wake({ workspace: "default", groupId: group, shard: SHARD });
    for (const work of working) await work;
    const sent = send.mock.calls.map(([email]) => email);
    const addressed = sent.map(({ from, to, subject }) => `${from} > ${to}: ${subject}`).toSorted();
    expect(addressed).toEqual(
      ["a job has failed", "failed, none of 1 job completed"]
        .flatMap((outcome) =>
          notifications.recipients.map((to) => `us@example.com > ${to}: March: ${outcome}`),
        )
        .toSorted(),
    );
    for (const { text, html } of sent) {
      expect(text).toContain("invoice-1.pdf: unreadable");
      expect(`${text}${html}`).not.toContain("@example.com");
    }
    const [refused] = await notificationsOf(group, "?status=pending");
    expect(refused).toMatchObject({ attempts: 1, lastError: "the mail service: quota" });
    expect(await notificationsOf(group, "?status=delivered")).toHaveLength(3);
  });

  test("goes once to addresses that differ only in the case of their domain", async () => {
    const recipients = ["Ap@Example.com", "Ap@example.COM", "ap@example.com"];
    const group = await newGroup(0, { notifications: { recipients } });
    const { notifications: stored } = await data("GET", `${BASE}/${group}`);
    expect(stored.recipients).toEqual(["Ap@Example.com", "ap@example.com"]);
  });
});
