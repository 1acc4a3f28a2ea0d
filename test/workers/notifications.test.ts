import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { GroupCoordinator } from "../../src/coordinator/group-coordinator.ts";
import { Courier } from "../../src/notify/courier.ts";
import { connect } from "../../src/store/db.ts";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { schemaFault } from "../support/workers/spec.ts";

const URL = "https://hooks.example.com/invoices";
const SECOND = 1_000;
const DELAYS = [30, 300, 1_800, 7_200, 21_600, 57_600];

interface Message {
  readonly id: string;
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly text: string;
}

const status = (code: number) => () => new Response(null, { status: code });

/** Answers with 204 as soon as it is open. */
function gate() {
  const state = { isOpen: false };
  const answer = async () => {
    while (!state.isOpen) await scheduler.wait(5);
    return new Response(null, { status: 204 });
  };
  return { answer, open: () => (state.isOpen = true) };
}

/** Stands in for the receiver of every webhook; keeps what was sent to it. */
function receiver(answer: (message: Message, nth: number) => Response | Promise<Response>) {
  const messages: Message[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (url, init) => {
    const headers = init?.headers as Record<string, string>;
    const [id = "", text] = [headers["webhook-id"], init?.body as string];
    expect(init?.redirect).toBe("manual");
    const message = { id, url: url as string, headers, text };
    return answer(message, messages.push(message) - 1);
  });
  return messages;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockReturnValue();
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  // An alarm that goes off later finds nothing to send.
  await env.DB.exec("DELETE FROM webhook\nDELETE FROM delivery");
});

const stopClock = () => vi.useFakeTimers({ toFake: ["Date"] });
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * SECOND);
const stubOf = (group: string) => env.GROUP_COORDINATOR.getByName(group);
const subscribe = (fields: object = {}): Promise<Json> =>
  data("POST", "/webhook", { url: URL, ...fields });
const notificationsOf = (group: string, query = ""): Promise<Json[]> =>
  data("GET", `${BASE}/${group}/notifications${query}`);

/** A group of one job that ends, by default completed. */
async function endedGroup(
  how: "complete" | "fail" = "complete",
  fields: Record<string, unknown> = {},
) {
  const group = await newGroup(1, fields);
  const [lease] = await claim(group, 1);
  await settle(group, lease, how, how === "fail" ? { error: "unreadable", retryable: false } : {});
  return group;
}

/** Waits until the one notification of a group is as told. */
const become = (group: string, notification: object) =>
  expect.poll(() => notificationsOf(group)).toMatchObject([notification]);

const verified = ({ secret }: Json, { text, headers }: Message): Json =>
  new Webhook(secret).verify(text, headers);

test("a group that ends is told to its webhook, signed, in the shape of the spec", async () => {
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

test("a job that fails for good, its group's end and a cancellation are told, each once", async () => {
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

test("a reopened group is told of again, under another id", async () => {
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

test("only what was asked for is told, only to webhooks of the workspace, and none without any", async () => {
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

describe("a receiver that does not take it", () => {
  test("five times, and then does, has it once more, at the times of the schedule", async () => {
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

  test("ever, ends dead and visible, and is sent again by hand under the same id", async () => {
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

  test("with 410, is disabled and told nothing more", async () => {
    const messages = receiver(status(410));
    const { webhookId } = await subscribe();
    const lastError = "the receiver answered 410";
    await become(await endedGroup(), { status: "dead", attempts: 1, lastError });
    const [webhook] = await data("GET", "/webhook");
    expect(webhook).toMatchObject({ webhookId, disabledAt: expect.any(String) });
    expect(await notificationsOf(await endedGroup())).toEqual([]);
    expect(messages).toHaveLength(1);
  });

  test("and is deleted meanwhile, is not called again", async () => {
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

  test("and gives no answer, fails with all that is due to it: the next is not tried on its own", async () => {
    stopClock();
    const { answer, open } = gate();
    const messages = receiver(async () => {
      await answer();
      throw new Error("connection refused");
    });
    await subscribe({ events: ["job.failed"] });
    const group = await newGroup(10, { settings: { parallelJobs: 10 } });
    const leases = await claim(group, 10);
    const failing = { error: "unreadable", retryable: false };
    await Promise.all(leases.map((lease) => settle(group, lease, "fail", failing)));
    open();
    const counted = async () =>
      (await notificationsOf(group)).filter(
        ({ attempts, lastError }) => attempts === 1 && lastError === "no answer",
      ).length;
    await expect.poll(counted).toBe(10);
    expect(messages.length).toBeLessThan(10);
    expect(messages.length).toBeGreaterThan(0);
  });
});

test("the alarm stays at the earliest time asked for, also when two ask at once", async () => {
  stopClock();
  const group = await newGroup(1);
  const started = Date.now();
  const alarm = await runInDurableObject(stubOf(group), async (object, { storage }) => {
    const redeliver = () => {
      const key = { workspace: "default", groupId: group, id: "none" };
      return (object as GroupCoordinator).redeliver(key);
    };
    const first = redeliver();
    later(60);
    await Promise.all([first, redeliver()]);
    return storage.getAlarm();
  });
  expect(alarm).toBe(started + 5 * SECOND);
});

test("a storm of notices goes out round by round, each once", async () => {
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

test("a group deleted with notices undelivered takes them along", async () => {
  receiver(status(500));
  await subscribe();
  const group = await endedGroup();
  await become(group, { status: "pending", attempts: 1 });
  await call("DELETE", `${BASE}/${group}`);
  const left = await env.DB.prepare("SELECT count(*) AS n FROM delivery WHERE group_id = ?")
    .bind(group)
    .first("n");
  expect(left).toBe(0);
});

describe("what was committed is delivered", () => {
  test("when the object dies while it sends: again, under the same id, when the claim has ended", async () => {
    stopClock();
    const messages = receiver((_, nth) =>
      nth === 0 ? new Promise<Response>(() => undefined) : new Response(),
    );
    await subscribe();
    const group = await endedGroup();
    await expect.poll(() => messages.length).toBe(1);
    await become(group, { status: "pending", attempts: 1 });
    await abortAllDurableObjects();
    later(19);
    await runDurableObjectAlarm(stubOf(group));
    expect(messages).toHaveLength(1);
    later(1);
    await runDurableObjectAlarm(stubOf(group));
    await become(group, { status: "delivered", attempts: 2 });
    expect(messages[0]?.id).toBe(messages[1]?.id);
  });

  test("when the object dies before it sends: the alarm set before the commit is there", async () => {
    stopClock();
    const wake = vi.spyOn(Courier.prototype, "wake").mockResolvedValue();
    const messages = receiver(status(200));
    await subscribe();
    const group = await endedGroup();
    await expect.poll(() => wake.mock.calls.map(([woken]) => woken.groupId)).toContain(group);
    wake.mockRestore();
    const alarm = await runInDurableObject(stubOf(group), (_, { storage }) => storage.getAlarm());
    expect(alarm).toBe(Date.now() + 5 * SECOND);
    await abortAllDurableObjects();
    expect(await runDurableObjectAlarm(stubOf(group))).toBe(true);
    await become(group, { status: "delivered", attempts: 1 });
    expect(messages).toHaveLength(1);
  });

  test("once, by two live copies of the object that wake together", async () => {
    vi.spyOn(Courier.prototype, "wake").mockResolvedValue();
    await subscribe();
    const groups = await Promise.all(Array.from({ length: 8 }, () => endedGroup()));
    vi.restoreAllMocks();
    const { answer, open } = gate();
    const messages = receiver(answer);
    const wake = (name: string, group: string) =>
      runInDurableObject(stubOf(name), async (object, { storage }) => {
        storage.kv.put("groupId", group);
        await (object as GroupCoordinator).alarm();
      });
    await Promise.all(
      groups.flatMap((group) => [wake(group, group), wake(`second copy of ${group}`, group)]),
    );
    open();
    for (const group of groups) await become(group, { status: "delivered", attempts: 1 });
    expect(messages.map(({ id }) => id.slice(0, 24)).toSorted()).toEqual(groups.toSorted());
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
      db: connect(env.DB),
      wakeAt: () => Promise.resolve(),
      background: (work) => void working.push(work),
    });
    later(900);
    await courier.wake({ workspace: "default", groupId: group });
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
