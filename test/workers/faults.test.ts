import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { execute } from "../../src/coordinator/stub.ts";
import type { GroupCoordinator } from "../../src/coordinator/group-coordinator.ts";
import type { CommandRequest, Outcome } from "../../src/coordinator/protocol.ts";
import { randomHex } from "../../src/lib/hex.ts";
import type {
  AddJobs,
  ClaimJobs,
  Command,
  CompleteJob,
  FailJob,
} from "../../src/domain/commands.ts";
import type { GroupInput } from "../../src/domain/group.ts";
import { GROUP_INPUT } from "../support/group-input.ts";

type Run = () => Promise<D1Result[]>;
type Lease = Pick<CompleteJob, "jobId" | "leaseId">;

// The object runs in this isolate: what stands in front of a session's prototype stands in front of its own too.
const session = Object.getPrototypeOf(env.DB.withSession()) as D1DatabaseSession;
// oxlint-disable-next-line typescript/unbound-method -- called with the database it is called on
const { batch } = session;
const workspace = "faults";
const broken = () => Promise.reject(new Error("D1_ERROR: Network connection lost."));

/** Stands in front of D1: `write` and `read` say what becomes of each batch, the `nth` from 0. */
function interpose({
  write = (run) => run(),
  read = (run) => run(),
}: Partial<Record<"read" | "write", (run: Run, nth: number) => Promise<D1Result[]>>>) {
  const seen = { reads: 0, writes: 0 };
  vi.spyOn(console, "error").mockReturnValue();
  vi.spyOn(session, "batch").mockImplementation(async function (
    this: D1DatabaseSession,
    statements,
  ) {
    const run = () => batch.call(this, statements);
    const [first] = statements as unknown as { statement: string }[];
    // The courier of an earlier test's group may still be sending.
    if (first?.statement.includes('"delivery"')) return run();
    const isRead = first?.statement.startsWith("SELECT") === true;
    return isRead ? read(run, seen.reads++) : write(run, seen.writes++);
  });
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const stubOf = (group: string) => env.GROUP_COORDINATOR.getByName(group);
const request = (groupId: string, command: Command, keyed: object = {}): CommandRequest => ({
  groupId,
  workspace,
  command,
  ...keyed,
});
const send = <C extends Command>(groupId: string, command: C, keyed: object = {}) =>
  execute<C>(env, { ...request(groupId, command, keyed), command });

/** Hands commands to the object in one go: the first is a batch, the others are the next. */
const inOneGo = (group: string, requests: CommandRequest[]) =>
  runInDurableObject(stubOf(group), (coordinator) =>
    Promise.allSettled(requests.map((each) => (coordinator as GroupCoordinator).execute(each))),
  );

const newJob = { documentUrl: null, documentType: null, jobNumber: null, metadata: null };
const adds = (count: number): AddJobs => ({
  kind: "add",
  jobs: Array.from({ length: count }, () => ({ documentName: "invoice.pdf", ...newJob })),
  idSuffix: randomHex(19),
});
const claims = (maxJobs: number): ClaimJobs => ({
  kind: "claim",
  workerId: "w",
  maxJobs,
  leaseIds: Array.from({ length: maxJobs }, () => randomHex(32)),
});
const NO_LEASE: Lease = { jobId: "", leaseId: "" };
const ids = ({ jobId, leaseId }: Lease): Lease => ({ jobId, leaseId });
const completes = (lease: Lease): CompleteJob => ({
  ...ids(lease),
  kind: "complete",
  pages: 2,
  costMicros: 100_000,
  currency: null,
  confidence: null,
  extractedData: '{"total":1}',
});

/** A released group of four jobs, as many of them leased as asked for. */
async function newGroup(leased: number, input: Partial<GroupInput> = {}) {
  const id = randomHex(24);
  await send(id, { kind: "create", id, input: { ...GROUP_INPUT, ...input } });
  await send(id, adds(4));
  await send(id, { kind: "open" });
  return { id, leases: leased > 0 ? await leasesOf(send(id, claims(leased))) : [] };
}

async function leasesOf(answer: Promise<Outcome<"claim">>) {
  const outcome = await answer;
  if (!outcome.ok) throw new Error(outcome.refusal.code);
  return outcome.reply.leases;
}

const COUNTED = `SELECT total_jobs AS totalJobs, pending_jobs AS pendingJobs, processing_jobs AS processingJobs,
  completed_jobs AS completedJobs, failed_jobs AS failedJobs, cancelled_jobs AS cancelledJobs,
  total_pages AS totalPages, name FROM job_group WHERE id = ?1`;
const count = (states: string) => `count(*) FILTER (WHERE status IN (${states}))`;
const RECOUNTED = `SELECT count(*) AS totalJobs, ${count("'queued', 'processing'")} AS pendingJobs,
  ${count("'processing'")} AS processingJobs, ${count("'completed'")} AS completedJobs,
  ${count("'failed'")} AS failedJobs, ${count("'cancelled'")} AS cancelledJobs,
  coalesce(sum(pages), 0) AS totalPages FROM job WHERE group_id = ?1`;

/** The group's stored counters, held against a recount of its jobs. */
async function stored(group: string): Promise<unknown> {
  const counted = [COUNTED, RECOUNTED].map((query) => env.DB.prepare(query).bind(group));
  const [row, recount] = await batch.call(env.DB.withSession(), counted);
  expect(row?.results[0]).toMatchObject(recount?.results[0] ?? {});
  return row?.results[0];
}

const failsForGood = (lease: Lease = NO_LEASE): FailJob => ({
  kind: "fail",
  ...ids(lease),
  error: "blurred",
  retryable: false,
});

async function announced(group: string): Promise<unknown[]> {
  const query = env.DB.prepare("SELECT id FROM delivery WHERE group_id = ?").bind(group);
  return (await query.all<{ id: string }>()).results.map(({ id }) => id);
}

const ROWS_OF = `SELECT (SELECT count(*) FROM job_group WHERE id = ?1)
  + (SELECT count(*) FROM job WHERE group_id = ?1) AS rows`;

/** What befalls the first write of a command. */
const FAULTS = {
  "landed, its answer lost": () =>
    interpose({ write: (run, nth) => (nth === 0 ? run().then(broken) : run()) }),
  "never landed": () => interpose({ write: (run, nth) => (nth === 0 ? broken() : run()) }),
  "landed only after the next read": () => {
    let late: Run | undefined;
    interpose({
      write: (run, nth) => {
        if (nth > 0) return run();
        late = run;
        return broken();
      },
      read: async (run) => {
        const rows = await run();
        await late?.();
        late = undefined;
        return rows;
      },
    });
  },
  "landed only after the next write": () => {
    let late: Run | undefined;
    interpose({
      write: async (run, nth) => {
        if (nth === 0) late = run;
        if (nth === 0) return broken();
        const done = await run();
        await expect(late?.()).rejects.toThrow(/constraint failed/);
        return done;
      },
    });
  },
};

interface Case {
  readonly commandOf: (lease: Lease) => Command;
  readonly reply: object;
  readonly counters: object;
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
    counters: { completedJobs: 1, processingJobs: 1, totalPages: 2 },
  },
  fail: {
    commandOf: failsForGood,
    reply: applied,
    counters: { failedJobs: 1, processingJobs: 1 },
  },
  release: {
    commandOf: (lease) => ({ kind: "release", ...ids(lease) }),
    reply: applied,
    counters: { pendingJobs: 4, processingJobs: 1 },
  },
  cancel: {
    commandOf: () => ({ kind: "cancel" }),
    reply: { status: "cancelled" },
    counters: { cancelledJobs: 4, processingJobs: 0 },
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
        const moved = env.DB.prepare("UPDATE job_group SET revision = 'other' WHERE id = ?");
        await moved.bind(id).run();
        return broken();
      },
    });
    const outcome = await send(id, commandOf(leases[0] ?? NO_LEASE));
    const reply = once.reply === applied ? { outcome: "duplicate" } : once.reply;
    expect(outcome).toMatchObject({ ok: true, reply });
    expect(await stored(id)).toMatchObject({ totalJobs: 4, ...once.counters });
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
    expect(await send(id, { kind: "delete" })).toMatchObject({ ok: true, reply: null });
    const rows = await env.DB.prepare(ROWS_OF).bind(id).first("rows");
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

test("while D1 is down commands are UNAVAILABLE and change nothing; repeated later they work", async () => {
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

test("what is rolled back is not announced; what is done again alone is, once", async () => {
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

test("a commit that another writer has overtaken is decided again on what that one left", async () => {
  const { id, leases } = await newGroup(1);
  const command = completes(leases[0] ?? NO_LEASE);
  interpose({
    write: async (run, nth) => {
      const other = env.GROUP_COORDINATOR.getByName(`second copy of ${id}`);
      if (nth === 0) await other.execute(request(id, command));
      return run();
    },
  });
  expect(await send(id, command)).toMatchObject({ ok: true, reply: { outcome: "duplicate" } });
  expect(await stored(id)).toMatchObject({ completedJobs: 1, totalPages: 2 });
});

test("a failure that another writer has overtaken with a result is not announced", async () => {
  const { id, leases } = await newGroup(1, { recipients: ["a@example.com"] });
  interpose({
    write: async (run, nth) => {
      const other = env.GROUP_COORDINATOR.getByName(`second copy of ${id}`);
      if (nth === 0) await other.execute(request(id, completes(leases[0] ?? NO_LEASE)));
      return run();
    },
  });
  const outcome = await send(id, failsForGood(leases[0]));
  expect(outcome).toMatchObject({ refusal: { code: "OUTCOME_CONFLICT" } });
  expect(await announced(id)).toEqual([]);
});

test("two live copies of a coordinator, writing at the same time, count every job once", async () => {
  const { id } = await newGroup(0, { parallelJobs: 10 });
  const copies = [stubOf(id), env.GROUP_COORDINATOR.getByName(`second copy of ${id}`)];
  vi.spyOn(console, "error").mockReturnValue();
  const insist = async (copy: (typeof copies)[number], command: Command): Promise<Outcome> => {
    const outcome = await copy.execute(request(id, command));
    const again = !outcome.ok && outcome.refusal.code === "UNAVAILABLE";
    return again ? insist(copy, command) : outcome;
  };
  const work = async (copy: (typeof copies)[number]) => {
    for (let round = 0; round < 15; round++) {
      await insist(copy, adds(1));
      const leases = await leasesOf(insist(copy, claims(1)) as Promise<Outcome<"claim">>);
      for (const lease of leases) await insist(copy, completes(lease));
    }
  };
  await Promise.all(copies.map(work));
  expect(await stored(id)).toMatchObject({ totalJobs: 34, processingJobs: 0 });
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

const RECEIPTS_OF = "SELECT count(*) AS n FROM receipt WHERE group_id = ?";

test("a commit that deletes a group another copy has moved stores no answer of its batch", async () => {
  const { id } = await newGroup(0);
  const idempotency = { operation: "claimJobs", keyHash: randomHex(64), fingerprint: "f" };
  interpose({
    write: async (run, nth) => {
      if (nth > 0) return broken();
      await env.DB.prepare("UPDATE job_group SET revision = 'other' WHERE id = ?").bind(id).run();
      return run();
    },
  });
  const claimAndDelete = [
    request(id, { kind: "open" }),
    request(id, claims(1), { idempotency }),
    request(id, { kind: "delete" }),
  ];
  const settled = await inOneGo(id, claimAndDelete);
  expect(settled.map((each) => each.status === "fulfilled" && each.value.ok)).toEqual([
    true,
    false,
    false,
  ]);
  expect(await env.DB.prepare(RECEIPTS_OF).bind(id).first("n")).toBe(0);
});

test("a commit to a group another copy has deleted stores no answer", async () => {
  const { id } = await newGroup(0);
  const idempotency = { operation: "claimJobs", keyHash: randomHex(64), fingerprint: "f" };
  interpose({
    write: async (run, nth) => {
      if (nth === 0) await env.DB.prepare("DELETE FROM job_group WHERE id = ?").bind(id).run();
      return run();
    },
  });
  const refusal = { code: "GROUP_NOT_FOUND" };
  expect(await send(id, claims(1), { idempotency })).toMatchObject({ ok: false, refusal });
  expect(await env.DB.prepare(RECEIPTS_OF).bind(id).first("n")).toBe(0);
});

test("an answer that changes nothing is given from what is stored, not from what one copy remembers", async () => {
  const { id } = await newGroup(1);
  const elsewhere = "UPDATE job_group SET revision = 'other', status = 'cancelled' WHERE id = ?";
  await env.DB.prepare(elsewhere).bind(id).run();
  const refusal = { code: "GROUP_CANCELLED" };
  expect(await send(id, { kind: "open" })).toMatchObject({ ok: false, refusal });
  expect(await send(id, claims(1))).toMatchObject({ reply: { reason: "finished" } });
});

test("a new receipt costs the same however many groups were once created under a key", async () => {
  const { id } = await newGroup(0);
  const rows = Array.from({ length: 500 }, (_, index) => [`${id}${index}`]);
  await env.DB.prepare(
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
