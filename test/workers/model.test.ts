import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { execute } from "../../src/coordinator/stub.ts";
import type { CommandRequest, Outcome } from "../../src/coordinator/protocol.ts";
import { randomHex } from "../../src/lib/hex.ts";
import type { Command } from "../../src/domain/commands.ts";
import { type Expected, GROUP_INPUT, Model } from "./model.ts";

/**
 * Vitest hands variables that begin with VITE_ through to workerd: `VITE_MODEL_GROUPS=100 vitest run
 * --project workers model` runs longer, `VITE_MODEL_SEED=<the seed printed>` runs the same again. The
 * pool starts an object the more slowly the more it has started: thousands of groups are many runs.
 */
const GROUPS = Number(process.env["VITE_MODEL_GROUPS"] ?? 32);
const SEED = Number(process.env["VITE_MODEL_SEED"] ?? Date.now() % 2 ** 31);
/** So far ahead that no alarm rings by itself. */
const START = Date.UTC(2100, 0);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const workspace = "model";

const any = { max: 1_000 };
const { constant: the, constantFrom: oneOf, record } = fc;
const lease = { pick: fc.nat(any), whose: oneOf("current", "current", "any", "foreign") };
const what = fc.oneof(
  {
    weight: 3,
    arbitrary: record({
      kind: the("add"),
      numbers: fc.array(oneOf(null, null, "a", "b", "c"), { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 2, arbitrary: record({ kind: the("open") }) },
  { weight: 8, arbitrary: record({ kind: the("claim"), maxJobs: fc.integer({ min: 1, max: 4 }) }) },
  {
    weight: 6,
    arbitrary: record({
      kind: the("complete"),
      ...lease,
      pages: oneOf(null, 1, 2),
      costMicros: oneOf(null, 100_000, 1),
      currency: oneOf(null, null, "USD", "EUR"),
      claimNext: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: record({ kind: the("fail"), ...lease, retryable: oneOf(true, true, false) }),
  },
  { weight: 2, arbitrary: record({ kind: the("release"), ...lease }) },
  { weight: 1, arbitrary: record({ kind: oneOf("retry", "retry", "retry", "cancel") }) },
  {
    weight: 1,
    arbitrary: record({
      kind: the("update"),
      parallelJobs: fc.integer({ min: 1, max: 10 }),
      retryCount: fc.integer({ min: 0, max: 5 }),
      timeoutMinutes: oneOf(5, 6, 30),
    }),
  },
);
const jumps = oneOf(-2 * SECOND, SECOND, 5 * SECOND, MINUTE, 5 * MINUTE, 1_440 * MINUTE);
const step = fc.oneof(
  { weight: 50, arbitrary: record({ do: the("send"), what }) },
  {
    weight: 20,
    arbitrary: record({
      do: the("burst"),
      all: fc.array(what, { minLength: 2, maxLength: 10, size: "max" }),
    }),
  },
  {
    weight: 6,
    arbitrary: record({ do: the("abort"), what, afterMs: fc.integer({ min: 0, max: 10 }) }),
  },
  { weight: 12, arbitrary: record({ do: the("jump"), ms: jumps }) },
  { weight: 5, arbitrary: record({ do: the("evict") }) },
  { weight: 5, arbitrary: record({ do: the("alarm") }) },
);
type What = typeof what extends fc.Arbitrary<infer T> ? T : never;
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** One group of the real coordinator and D1, driven beside its model. */
class Pair {
  readonly id = randomHex(24);
  readonly model = new Model();
  readonly #leases: { jobId: string; leaseId: string }[] = [];
  commands = 0;

  get #stub() {
    return env.GROUP_COORDINATOR.getByName(this.id);
  }

  request(command: Command, keyHash?: string): CommandRequest {
    const idempotency = { operation: command.kind, keyHash: keyHash ?? "", fingerprint: "f" };
    return { groupId: this.id, workspace, command, ...(keyHash ? { idempotency } : {}) };
  }

  /** Moves the model; what it foresees is what the coordinator must answer. */
  foresee(wanted: What): { command: Command; expected: Expected } {
    const command = this.#commandOf(wanted);
    const expected = this.model.apply(command, Date.now());
    for (const { id, leaseId } of this.model.in("processing")) {
      const seen = this.#leases.some((lease) => lease.leaseId === leaseId);
      if (!seen) this.#leases.push({ jobId: id, leaseId: leaseId ?? "" });
    }
    return { command, expected };
  }

  async take(step: Step): Promise<void> {
    const now = Date.now();
    if (step.do === "jump") {
      vi.setSystemTime(now + step.ms);
      return;
    }
    if (step.do === "evict") await evictDurableObject(this.#stub);
    else if (step.do === "alarm") {
      if (await runDurableObjectAlarm(this.#stub)) this.model.expire(now);
    } else if (step.do === "send") {
      const { command, expected } = this.foresee(step.what);
      expectAnswer(await this.#send(this.request(command)), expected);
    } else if (step.do === "burst") {
      const foreseen = step.all.map((wanted) => this.foresee(wanted));
      const stub = this.#stub;
      this.commands += foreseen.length;
      const answers = foreseen.map(({ command }) => stub.execute(this.request(command)));
      for (const [index, answer] of (await Promise.all(answers)).entries()) {
        expectAnswer(answer, foreseen[index]?.expected ?? { reply: null });
      }
    } else {
      const { command, expected } = this.foresee(step.what);
      const request = this.request(command, randomHex(16));
      const broken = this.#send(request).catch(() => "no answer");
      await scheduler.wait(step.afterMs);
      await abortAllDurableObjects();
      await broken;
      expectAnswer(await this.#send(request), expected, true);
    }
    await expectRowsToEqualModel(this);
  }

  #send(request: CommandRequest): Promise<Outcome> {
    this.commands++;
    return execute(env, request);
  }

  #commandOf(wanted: What): Command {
    switch (wanted.kind) {
      case "add": {
        const nothing = { documentUrl: null, documentType: null, metadata: null };
        const newJob = { documentName: "invoice.pdf", ...nothing };
        const jobs = wanted.numbers.map((jobNumber) => ({ ...newJob, jobNumber }));
        return { kind: "add", jobs, idSuffix: randomHex(19) };
      }
      case "claim": {
        const leaseIds = Array.from({ length: wanted.maxJobs }, () => `${randomHex(28)}0000`);
        return { kind: "claim", workerId: "w", maxJobs: wanted.maxJobs, leaseIds };
      }
      case "update": {
        const { kind, ...settings } = wanted;
        return { kind, input: { ...GROUP_INPUT, ...settings } };
      }
      case "complete": {
        const { kind, pages, costMicros, currency } = wanted;
        const none = { confidence: null, extractedData: null };
        const lease = this.#leaseOf(wanted);
        const next = wanted.claimNext ? { nextLeaseId: nextOf(lease.leaseId) } : {};
        return { kind, ...lease, pages, costMicros, currency, ...none, ...next };
      }
      case "fail":
        return {
          kind: "fail",
          ...this.#leaseOf(wanted),
          error: "blurred",
          retryable: wanted.retryable,
        };
      case "release":
        return { kind: "release", ...this.#leaseOf(wanted) };
      case "open":
      case "retry":
      case "cancel":
        return { kind: wanted.kind };
    }
  }

  #leaseOf({ pick, whose }: { pick: number; whose: string }): { jobId: string; leaseId: string } {
    const current = this.model
      .in("processing")
      .map(({ id, leaseId }) => ({ jobId: id, leaseId: leaseId ?? "" }));
    const from = whose === "any" || current.length === 0 ? this.#leases : current;
    const { jobId, leaseId } = from[pick % from.length] ?? { jobId: "0".repeat(24), leaseId: "" };
    return { jobId, leaseId: whose === "foreign" ? randomHex(32) : leaseId };
  }
}

/** As long as any, another one, and ending as all do. */
const nextOf = (leaseId: string): string =>
  `${leaseId.slice(1, 28)}${leaseId.slice(0, 1)}`.padEnd(32, "0");

function expectAnswer(outcome: Outcome, expected: Expected, repeated = false): void {
  if ("refused" in expected) {
    expect(outcome).toMatchObject({ ok: false, refusal: { code: expected.refused } });
    return;
  }
  const duplicate = repeated && outcome.ok && outcome.reply !== null && "outcome" in outcome.reply;
  const reply = duplicate ? { ...expected.reply, outcome: expect.any(String) } : expected.reply;
  expect(outcome).toMatchObject({ ok: true, reply: reply ?? {} });
}

/** Holds the stored rows against the model, and the armed alarm against the leases. */
async function expectRowsToEqualModel({ id, model }: Pair): Promise<void> {
  const [[groups, jobs], alarm] = await Promise.all([
    env.DB.batch<Record<string, unknown>>([
      env.DB.prepare(GROUP_ROW).bind(id),
      env.DB.prepare(JOB_ROWS).bind(id),
    ]),
    runInDurableObject(env.GROUP_COORDINATOR.getByName(id), (_, { storage }) => storage.getAlarm()),
  ]);
  expect(jobs?.results).toEqual(model.jobs);
  const { jobsWithLease, ...group } = groups?.results[0] ?? {};
  expect(group).toEqual(model.group());
  const leased = model.in("processing");
  expect(JSON.parse(String(jobsWithLease)).toSorted()).toEqual(leased.map(({ id }) => id));
  for (const { leaseExpiresAt } of leased) {
    expect(alarm ?? Infinity).toBeLessThanOrEqual(leaseExpiresAt ?? 0);
  }
}

const GROUP_ROW = `SELECT status, run, total_pages AS totalPages, total_cost_micros AS totalCostMicros,
  currency, started_at AS startedAt, completed_at AS completedAt, total_jobs AS totalJobs,
  pending_jobs AS pendingJobs, processing_jobs AS processingJobs, completed_jobs AS completedJobs,
  failed_jobs AS failedJobs, cancelled_jobs AS cancelledJobs, parallel_jobs AS parallelJobs,
  retry_count AS retryCount, timeout_minutes AS timeoutMinutes, leased_jobs AS jobsWithLease
  FROM job_group WHERE id = ?`;
const JOB_ROWS = `SELECT id, job_number AS jobNumber, status, attempts, available_at AS availableAt,
  lease_id AS leaseId, lease_outcome AS leaseOutcome, lease_expires_at AS leaseExpiresAt
  FROM job WHERE group_id = ? ORDER BY id`;

afterEach(() => {
  vi.useRealTimers();
});

test(
  "no sequence of commands, jumps of the clock, evictions and aborts parts the rows from the model",
  async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    console.info(`model: ${GROUPS} groups, seed ${SEED}`);
    let commands = 0;
    const sequences = fc.array(step, { minLength: 20, maxLength: 80, size: "max" });
    const property = fc.asyncProperty(fc.boolean(), sequences, async (open, steps) => {
      vi.setSystemTime(START);
      const pair = new Pair();
      const create = { kind: "create", id: pair.id, input: GROUP_INPUT } as const;
      expect(await execute(env, pair.request(create))).toMatchObject({ ok: true });
      const opening: Step[] = [
        { do: "send", what: { kind: "add", numbers: [null, "a", null, null, null] } },
        { do: "send", what: { kind: "open" } },
      ];
      for (const next of open ? [...opening, ...steps] : steps) await pair.take(next);
      commands += pair.commands;
    });
    await fc.assert(property, { numRuns: GROUPS, seed: SEED });
    console.info(`model: ${commands} commands, no difference`);
    expect(commands).toBeGreaterThanOrEqual(50 * GROUPS);
  },
  GROUPS * 20_000,
);
