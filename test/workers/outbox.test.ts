import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test, vi } from "vitest";
import type { GroupCoordinator } from "../../src/coordinator/group-coordinator.ts";
import { Courier } from "../../src/notify/courier.ts";
import { newGroup } from "../support/workers/api.ts";
import {
  SECOND,
  status,
  gate,
  receiver,
  stopClock,
  later,
  stubOf,
  subscribe,
  endedGroup,
  become,
  startAnew,
} from "../support/workers/notifications.ts";
import { SHARD } from "../support/workers/database.ts";

startAnew();

describe("what was committed is delivered", () => {
  test("again, under the same webhook-id, when the object died while it sent and its claim has ended", async () => {
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

  test("by the alarm set before the commit, when the object died before it sent", async () => {
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

  test("once, when two live copies of the object wake together", async () => {
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

test("the alarm stays at the earliest time asked for, also when two ask at once", async () => {
  stopClock();
  const group = await newGroup(1);
  const started = Date.now();
  const alarm = await runInDurableObject(stubOf(group), async (object, { storage }) => {
    const redeliver = () => {
      const key = { workspace: "default", groupId: group, id: "none" };
      return (object as GroupCoordinator).redeliver(key, SHARD);
    };
    const first = redeliver();
    later(60);
    await Promise.all([first, redeliver()]);
    return storage.getAlarm();
  });
  expect(alarm).toBe(started + 5 * SECOND);
});
