import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { Command } from "../../src/domain/commands.ts";
import { randomHex } from "../../src/lib/hex.ts";
import { GROUP_INPUT } from "../support/group-input.ts";
import {
  type Lease,
  stubOf,
  request,
  send,
  inOneGo,
  adds,
  claims,
  NO_LEASE,
  completes,
  newGroup,
  stored,
  failsForGood,
  announced,
  ends,
  releases,
} from "../support/workers/commands.ts";
import { broken, FAULTS, interpose } from "../support/workers/faulty-d1.ts";
import { database } from "../support/workers/database.ts";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const ROWS_OF = `SELECT (SELECT count(*) FROM job_group WHERE id = ?1)
  + (SELECT count(*) FROM job WHERE group_id = ?1) AS rows`;

interface Case {
  readonly commandOf: (lease: Lease) => Command;
  readonly reply: object;
  readonly counters: object;
  /** The outcomes in the histories of all jobs. */
  readonly ends?: readonly string[];
}
const applied = { outcome: "applied" };
const CASES: Record<string, Case> = {
  add: {
    commandOf: () => adds(2),
    reply: { added: 2, existing: 0 },
    counters: { totalJobs: 6, pendingJobs: 6 },
  },
  claim: {
    commandOf: () => claims(1),
    reply: { leases: [{ attempt: 1 }] },
    counters: { processingJobs: 3 },
  },
  complete: {
    commandOf: completes,
    reply: applied,
    counters: { completedJobs: 1, processingJobs: 1, totalPages: 2, totalCostMicros: 100_000 },
  },
  fail: {
    commandOf: failsForGood,
    reply: applied,
    counters: { failedJobs: 1, processingJobs: 1, totalCostMicros: 20_000 },
    ends: ["failed"],
  },
  release: {
    commandOf: releases,
    reply: applied,
    counters: { pendingJobs: 4, processingJobs: 1 },
    ends: ["released"],
  },
  cancel: {
    commandOf: () => ({ kind: "cancel" }),
    reply: { status: "cancelled" },
    counters: { cancelledJobs: 4, processingJobs: 0 },
    ends: ["cancelled", "cancelled"],
  },
  update: {
    commandOf: () => ({ kind: "update", input: { ...GROUP_INPUT, name: "New" } }),
    reply: { name: "New" },
    counters: { name: "New" },
  },
};

describe.each(Object.entries(FAULTS))("a write that %s", (_, befall) => {
  test.each(Object.entries(CASES))("is counted once: %s", async (_, { commandOf, ...once }) => {
    const { id, leases } = await newGroup(2);
    befall();
    const outcome = await send(id, commandOf(leases[0] ?? NO_LEASE));
    expect(outcome).toMatchObject({ ok: true, replayed: false, reply: once.reply });
    expect(await stored(id)).toMatchObject({ totalJobs: 4, ...once.counters });
    expect(await ends(id)).toEqual(once.ends ?? []);
  });

  test("is announced once", async () => {
    const { id, leases } = await newGroup(2, { recipients: ["a@example.com"] });
    befall();
    expect(await send(id, failsForGood(leases[0]))).toMatchObject({ ok: true });
    expect(await announced(id)).toEqual(["0001.job.failed.email.0"]);
  });
});

test.each(Object.entries(CASES))(
  "%s whose answer was lost, and after which another copy wrote, is counted once",
  async (_, { commandOf, ...once }) => {
    const { id, leases } = await newGroup(2);
    interpose({
      write: async (run, nth) => {
        const done = await run();
        if (nth > 0) return done;
        const moved = database.prepare("UPDATE job_group SET revision = 'other' WHERE id = ?");
        await moved.bind(id).run();
        return broken();
      },
    });
    const outcome = await send(id, commandOf(leases[0] ?? NO_LEASE));
    const reply = once.reply === applied ? { outcome: "duplicate" } : once.reply;
    expect(outcome).toMatchObject({ ok: true, reply });
    expect(await stored(id)).toMatchObject({ totalJobs: 4, ...once.counters });
    expect(await ends(id)).toEqual(once.ends ?? []);
  },
);

const other = (group: string) => env.GROUP_COORDINATOR.getByName(`second copy of ${group}`);
const WRITTEN_OVER: Record<string, Case> = {
  ...CASES,
  retry: {
    commandOf: () => ({ kind: "retry", choice: null, dryRun: false }),
    reply: { group: { status: "processing" }, matched: 1 },
    counters: { failedJobs: 0, totalCostMicros: 20_000 },
    ends: ["failed"],
  },
};

test.each(Object.entries(WRITTEN_OVER))(
  "%s whose answer was lost is answered as it was made, though another copy has committed since",
  async (kind, { commandOf, reply, counters, ends: ended = [] }) => {
    const { id, leases } = await newGroup(2);
    if (kind === "retry") await send(id, failsForGood(leases[1]));
    const revision = await database
      .prepare("SELECT revision FROM job_group WHERE id = ?")
      .bind(id)
      .first<string>("revision");
    interpose({
      write: async (run, nth) => {
        const done = await run();
        if (nth > 0) return done;
        const tags = { ...GROUP_INPUT, name: "New", tags: ["later"] };
        await other(id).execute(request(id, { kind: "update", input: tags }));
        return broken();
      },
    });
    const command = { ...commandOf(leases[0] ?? NO_LEASE) };
    const guarded = kind === "update" ? { ...command, ifMatch: [revision ?? ""] } : command;
    const outcome = await send(id, guarded as Command);
    expect(outcome).toMatchObject({ ok: true, replayed: false, reply });
    expect(await stored(id)).toMatchObject({ totalJobs: 4, ...counters, name: "New" });
    expect(await ends(id)).toEqual(ended);
  },
);

test("a creation whose answer was lost is one group, answered as created", async () => {
  FAULTS["landed, its answer lost"]();
  const id = randomHex(24);
  const outcome = await send(id, { kind: "create", id, input: GROUP_INPUT });
  expect(outcome).toMatchObject({ ok: true, reply: { id, status: "created" } });
});

test.each(["landed, its answer lost", "never landed", "landed only after the next read"] as const)(
  "a deletion that %s leaves no row, no stored key and no alarm",
  async (fault) => {
    const { id } = await newGroup(2);
    FAULTS[fault]();
    expect(await send(id, { kind: "delete" })).toMatchObject({
      ok: true,
      reply: { storedDocuments: 0 },
    });
    const rows = await database.prepare(ROWS_OF).bind(id).first("rows");
    expect(rows).toBe(0);
    const left = await runInDurableObject(stubOf(id), async (_, { storage }) => ({
      keys: (await storage.list()).size,
      alarm: await storage.getAlarm(),
    }));
    expect(left).toEqual({ keys: 0, alarm: null });
    const refusal = { code: "GROUP_NOT_FOUND" };
    expect(await send(id, { kind: "open" })).toMatchObject({ refusal });
  },
);

test("while D1 is down a command is UNAVAILABLE and changes nothing; repeated later it works", async () => {
  const { id, leases } = await newGroup(1);
  const before = await stored(id);
  const command = completes(leases[0] ?? NO_LEASE);
  interpose({ read: broken, write: broken });
  expect(await send(id, command)).toMatchObject({ ok: false, refusal: { code: "UNAVAILABLE" } });
  expect(await stored(id)).toEqual(before);
  vi.restoreAllMocks();
  expect(await send(id, command)).toMatchObject({ ok: true, reply: { outcome: "applied" } });
  expect(await stored(id)).toMatchObject({ completedJobs: 1 });
});

test("a batch that is rolled back announces nothing; a command that is then committed alone, once", async () => {
  const { id, leases } = await newGroup(1, { recipients: ["a@example.com"] });
  const failure = failsForGood(leases[0]);
  interpose({ read: broken, write: broken });
  expect(await send(id, failure)).toMatchObject({ refusal: { code: "UNAVAILABLE" } });
  vi.restoreAllMocks();
  expect(await announced(id)).toEqual([]);
  vi.spyOn(console, "error").mockReturnValue();
  const refused = { ...GROUP_INPUT, template: null as unknown as string };
  const sent = [{ kind: "open" }, failure, { kind: "update", input: refused }] as const;
  const settled = await inOneGo(
    id,
    sent.map((command) => request(id, command)),
  );
  expect(settled.map((each) => each.status)).toEqual(["fulfilled", "fulfilled", "rejected"]);
  expect(await announced(id)).toEqual(["0001.job.failed.email.0"]);
});
