import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import {
  adds,
  claims,
  completes,
  leasesOf,
  newGroup,
  request,
  send,
  stored,
  stubOf,
  ids,
  NO_LEASE,
} from "../support/workers/commands.ts";
import type { GroupCoordinator } from "../../src/coordinator/group-coordinator.ts";
import { broken, FAULTS, interpose } from "../support/workers/faulty-d1.ts";
import { database } from "../support/workers/database.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const SECOND = 1_000;
const beats = (...leases: { jobId: string; leaseId: string }[]) => ({
  kind: "beat" as const,
  leases: leases.map(ids),
});
const other = (group: string) => env.GROUP_COORDINATOR.getByName(`second copy of ${group}`);
const later = (seconds: number) => vi.setSystemTime(Date.now() + seconds * SECOND);

/** A group with one lease that ends after `heartbeatSeconds` of silence. */
async function beating(heartbeatSeconds: number) {
  const { id } = await newGroup(0);
  const [lease = NO_LEASE] = await leasesOf(send(id, { ...claims(1), heartbeatSeconds }));
  return { id, lease };
}

test("a silent processor's job is back in the queue within two seconds, though nobody calls", async () => {
  const { id, lease } = await beating(1);
  const end = Date.now() + SECOND;
  const status = database.prepare("SELECT status FROM job WHERE group_id = ? AND id = ?");
  const statusNow = () => status.bind(id, lease.jobId).first("status");
  await expect.poll(statusNow, { interval: 50, timeout: 4_000 }).toBe("queued");
  expect(Date.now() - end).toBeLessThan(2 * SECOND);
  expect(await stored(id)).toMatchObject({ processingJobs: 0, pendingJobs: 4 });
});

test("while beats come, the alarm that goes off is set again for the end that they have moved", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2100, 0));
  const { id, lease } = await beating(60);
  const [start, first] = [Date.now(), await alarmOf(id)];
  expect(first).toBe(start + 60 * SECOND);
  later(30);
  await send(id, beats(lease));
  expect(await alarmOf(id)).toBe(first);
  later(30);
  await runInDurableObject(stubOf(id), async (coordinator, { storage }) => {
    await storage.deleteAlarm();
    await (coordinator as GroupCoordinator).alarm();
  });
  expect(await stored(id)).toMatchObject({ processingJobs: 1 });
  expect(await alarmOf(id)).toBe(start + 90 * SECOND);
});

const alarmOf = (group: string) =>
  runInDurableObject(stubOf(group), (_, { storage }) => storage.getAlarm());

test("a copy that has not read a beat cannot end the lease that the other copy has kept", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2100, 0));
  const { id, lease } = await beating(60);
  // Both copies have the lease in memory.
  await other(id).execute(request(id, { kind: "open" }));
  later(30);
  const [end] = endsIn(await send(id, beats(lease)));
  expect(end).toBe(Date.now() + 60 * SECOND);
  later(30);
  await other(id).execute(request(id, { kind: "expire" }));
  await other(id).execute(request(id, claims(1)));
  const outcome = await other(id).execute(request(id, completes(lease)));
  expect(outcome).toMatchObject({ ok: true, reply: { outcome: "applied" } });
});

test("beats that two copies write at the same time are both kept", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2100, 0));
  const { id } = await newGroup(0);
  const [one = NO_LEASE, two = NO_LEASE] = await leasesOf(
    send(id, { ...claims(2), heartbeatSeconds: 60 }),
  );
  later(30);
  interpose({
    write: async (run, nth) => {
      if (nth === 0) await other(id).execute(request(id, beats(two)));
      return run();
    },
  });
  const end = Date.now() + 60 * SECOND;
  expect(endsIn(await send(id, beats(one)))).toEqual([end]);
  vi.restoreAllMocks();
  later(59);
  const ends = endsIn(await send(id, beats(one, two)));
  expect(ends).toEqual([Date.now() + 60 * SECOND, Date.now() + 60 * SECOND]);
});

test("a commit that another copy's beat has overtaken is decided again and keeps the beat", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2100, 0));
  const { id, lease } = await beating(60);
  later(30);
  interpose({
    write: async (run, nth) => {
      if (nth === 0) await other(id).execute(request(id, beats(lease)));
      return run();
    },
  });
  expect(await send(id, adds(1))).toMatchObject({ ok: true, reply: { added: 1 } });
  vi.restoreAllMocks();
  later(59);
  expect(await send(id, completes(lease))).toMatchObject({ ok: true });
});

test.each(Object.entries(FAULTS))(
  "a beat whose write %s is kept once answered",
  async (_, befall) => {
    vi.useFakeTimers({ toFake: ["Date"] });
    vi.setSystemTime(Date.UTC(2100, 0));
    const { id, lease } = await beating(60);
    later(30);
    befall();
    const end = Date.now() + 60 * SECOND;
    expect(endsIn(await send(id, beats(lease)))).toEqual([end]);
    vi.restoreAllMocks();
    // Another copy has read nothing but what is stored.
    vi.setSystemTime(end - 1);
    const held = await other(id).execute(request(id, beats(lease)));
    expect(held).toMatchObject({ ok: true, reply: { leaseEnds: [end - 1 + 60 * SECOND] } });
  },
);

test("a beat whose write never landed, and that is then too late, is lost", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(Date.UTC(2100, 0));
  const { id, lease } = await beating(60);
  later(59);
  interpose({
    write: (run, nth) => {
      if (nth > 0) return run();
      later(1);
      return broken();
    },
  });
  expect(endsIn(await send(id, beats(lease)))).toEqual([null]);
  expect(await stored(id)).toMatchObject({ processingJobs: 0 });
});

test("a beat is answered before the large adds that came before it", async () => {
  const { id, lease } = await beating(60);
  const order: number[] = [];
  const commands = [adds(1), adds(1_000), adds(1_000), beats(lease)];
  await runInDurableObject(stubOf(id), (coordinator) =>
    Promise.all(
      commands.map(async (command, index) => {
        await (coordinator as GroupCoordinator).execute(request(id, command));
        order.push(index);
      }),
    ),
  );
  expect(order).toEqual([0, 3, 1, 2]);
});

function endsIn(outcome: { ok: boolean; reply?: unknown }): readonly (number | null)[] {
  if (!outcome.ok) throw new Error("the beat was refused");
  return (outcome.reply as { leaseEnds: (number | null)[] }).leaseEnds;
}
