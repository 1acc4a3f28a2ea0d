import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Command } from "../../src/domain/commands.ts";
import { randomHex } from "../../src/lib/hex.ts";
import { GROUP_INPUT } from "../support/group-input.ts";
import {
  stubOf,
  request,
  send,
  inOneGo,
  adds,
  claims,
  completes,
  newGroup,
  leasesOf,
  stored,
  newJob,
} from "../support/workers/commands.ts";
import { broken, interpose } from "../support/workers/faulty-d1.ts";
import { database } from "../support/workers/database.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const POISON: [string, Command][] = [
  ["breaks a rule's assumptions", { ...claims(1), leaseIds: [] }],
  [
    "the database refuses",
    { kind: "update", input: { ...GROUP_INPUT, template: null as unknown as string } },
  ],
];

test.each(POISON)("a command that %s fails alone: its batch succeeds", async (_, poison) => {
  const { id, leases } = await newGroup(2);
  const [first, second] = leases.map(completes);
  if (first === undefined || second === undefined) throw new Error("two leases were asked for");
  vi.spyOn(console, "error").mockReturnValue();
  const sent = [{ kind: "open" } as const, first, poison, second, adds(1)];
  const settled = await inOneGo(
    id,
    sent.map((command) => request(id, command)),
  );
  const fates = settled.map((each) => (each.status === "fulfilled" ? each.value.ok : "thrown"));
  expect(fates).toEqual([true, true, "thrown", true, true]);
  expect(await stored(id)).toMatchObject({ totalJobs: 5, completedJobs: 2, processingJobs: 0 });
});

test("refuses with UNAVAILABLE what would make the queue longer than 1,000, and answers all the rest", async () => {
  const { id } = await newGroup(0);
  const all = Array.from({ length: 1_003 }, () => request(id, { kind: "open" }));
  const settled = await inOneGo(id, all);
  const codes = settled.map((each) =>
    each.status === "rejected" ? "thrown" : each.value.ok || each.value.refusal.code,
  );
  expect(codes).toEqual([
    ...Array.from({ length: 1_001 }, () => true),
    "UNAVAILABLE",
    "UNAVAILABLE",
  ]);
});

test("refuses with UNAVAILABLE what would make its memory grow beyond 16 million characters", async () => {
  const { id } = await newGroup(0);
  let open: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (open = resolve));
  interpose({ write: async (run) => (await held, run()) });
  const jobs = [{ ...newJob, documentName: "a", metadata: "x".repeat(1_000_000) }];
  const bulky = Array.from({ length: 20 }, () => request(id, { ...adds(1), jobs }));
  const settling = inOneGo(id, bulky);
  open();
  const settled = await settling;
  const done = settled.map((each) => each.status === "fulfilled" && each.value.ok);
  expect(done).toEqual(Array.from({ length: 20 }, (_, index) => index < 15));
  expect(await send(id, bulky[0]?.command ?? adds(1))).toMatchObject({ ok: true });
});

describe("the alarm", () => {
  const MINUTE = 60_000;
  const alarmOf = (id: string) =>
    runInDurableObject(stubOf(id), (_, { storage }) => storage.getAlarm());
  const start = Date.UTC(2100, 0);
  const at = (minutes: number) => vi.setSystemTime(start + minutes * MINUTE);

  async function twoLeases() {
    vi.useFakeTimers({ toFake: ["Date"] });
    at(0);
    const { id } = await newGroup(1);
    at(1);
    await send(id, claims(1));
    return id;
  }

  test("settles the lease that has run out and is set for the next", async () => {
    const id = await twoLeases();
    expect(await alarmOf(id)).toBe(start + 30 * MINUTE);
    await evictDurableObject(stubOf(id));
    at(30);
    expect(await runDurableObjectAlarm(stubOf(id))).toBe(true);
    expect(await stored(id)).toMatchObject({ pendingJobs: 4, processingJobs: 1 });
    expect(await alarmOf(id)).toBe(start + 31 * MINUTE);
    at(31);
    await runDurableObjectAlarm(stubOf(id));
    expect(await stored(id)).toMatchObject({ pendingJobs: 4, processingJobs: 0 });
  });

  test("that finds D1 down is set again", async () => {
    const id = await twoLeases();
    at(40);
    interpose({ read: broken, write: broken });
    await runDurableObjectAlarm(stubOf(id));
    expect(await alarmOf(id)).toBe(start + 40 * MINUTE + 5_000);
    vi.restoreAllMocks();
    await runDurableObjectAlarm(stubOf(id));
    expect(await stored(id)).toMatchObject({ pendingJobs: 4, processingJobs: 0 });
  });
});

describe("an Idempotency-Key", () => {
  const keyed = (keyHash: string, fingerprint = "f") => ({
    idempotency: { operation: "claimJobs", keyHash, fingerprint },
  });

  test("answers a repeated claim with the same leases, also after an eviction", async () => {
    const { id } = await newGroup(0);
    const key = randomHex(32);
    const leases = await leasesOf(send(id, claims(2), keyed(key)));
    expect(leases).toHaveLength(2);
    for (const before of [() => undefined, () => evictDurableObject(stubOf(id))]) {
      await before();
      const again = await send(id, claims(2), keyed(key));
      expect(again).toMatchObject({ ok: true, replayed: true, reply: { leases } });
      const other = await send(id, claims(1), keyed(key, "other"));
      expect(other).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
    }
    expect(await stored(id)).toMatchObject({ processingJobs: 2 });
  });

  test("does so too when the repeat arrives in the same batch", async () => {
    const { id } = await newGroup(0);
    const key = randomHex(32);
    const settled = await inOneGo(id, [
      request(id, { kind: "open" }),
      request(id, claims(1), keyed(key)),
      request(id, claims(1), keyed(key)),
      request(id, claims(1), keyed(key, "other")),
    ]);
    const [, first, again, other] = settled.map((each) =>
      each.status === "fulfilled" ? each.value : undefined,
    );
    expect(first).toMatchObject({ ok: true, replayed: false });
    expect(again).toEqual({ ...first, replayed: true });
    expect(other).toMatchObject({ refusal: { code: "IDEMPOTENCY_KEY_REUSED" } });
    expect(await stored(id)).toMatchObject({ processingJobs: 1 });
  });
});

test("a new receipt costs the same however many groups were once created under a key", async () => {
  const { id } = await newGroup(0);
  const rows = Array.from({ length: 500 }, (_, index) => [`${id}${index}`]);
  await database
    .prepare(
      `INSERT INTO receipt (workspace, operation, key_hash, group_id, fingerprint, position, reply)
    SELECT 'old', 'createJobGroup', value ->> 0, value ->> 0, 'f', 0, '{}' FROM json_each(?)`,
    )
    .bind(JSON.stringify(rows))
    .run();
  let read = 0;
  interpose({
    write: async (run) => {
      const results = await run();
      read += results.reduce((sum, { meta }) => sum + meta.rows_read, 0);
      return results;
    },
  });
  const idempotency = { operation: "claimJobs", keyHash: randomHex(64), fingerprint: "f" };
  expect(await send(id, claims(1), { idempotency })).toMatchObject({ ok: true });
  expect(read).toBeLessThan(30);
});
