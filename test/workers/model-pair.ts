import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, vi } from "vitest";
import type { GroupCoordinator } from "../../src/coordinator/group-coordinator.ts";
import { execute } from "../../src/coordinator/stub.ts";
import type { CommandRequest, Outcome } from "../../src/coordinator/protocol.ts";
import { randomHex } from "../../src/lib/hex.ts";
import type { Command } from "../../src/domain/commands.ts";
import { REMOVED_AT_ONCE } from "../../src/domain/removal.ts";
import { GROUP_INPUT } from "../support/group-input.ts";
import type { ModelJob } from "../support/model-group.ts";
import { Model } from "../support/model.ts";
import { type Told, told } from "../support/told.ts";
import { expectRemoval } from "./model-removal.ts";
import type { Step, What } from "./model-steps.ts";
import { addNotices } from "../support/workers/add-notices.ts";
import { database, SHARD } from "../support/workers/database.ts";

const workspace = "model";

/** One group of the real coordinator and D1, driven beside its model. */
export class Pair {
  readonly id = randomHex(24);
  readonly model = new Model(GROUP_INPUT);
  readonly #leases: { jobId: string; leaseId: string }[] = [];
  commands = 0;

  get #stub() {
    return env.GROUP_COORDINATOR.getByName(this.id);
  }

  request(command: Command, keyHash?: string): CommandRequest {
    const idempotency = { operation: command.kind, keyHash: keyHash ?? "", fingerprint: "f" };
    return {
      groupId: this.id,
      workspace,
      shard: SHARD,
      command,
      ...(keyHash ? { idempotency } : {}),
    };
  }

  /** Moves the model; what it foresees is what the coordinator must answer. */
  foresee(wanted: What): { command: Command; expected: Told } {
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
    if (step.do === "evict") {
      // A creation makes no object, and only one that runs can be evicted.
      await runInDurableObject(this.#stub, () => undefined);
      await evictDurableObject(this.#stub);
    } else if (step.do === "alarm") {
      if (await runDurableObjectAlarm(this.#stub)) this.model.expire(now);
    } else if (step.do === "send") {
      const { command, expected } = this.foresee(step.what);
      expectAnswer(await this.#send(this.request(command)), expected);
    } else if (step.do === "delete") {
      if (step.large) await addNotices(this.id, REMOVED_AT_ONCE.notices + 1);
      const command = { kind: "delete" } as const;
      const expected = this.model.apply(command, now);
      expectAnswer(await this.#send(this.request(command)), expected);
    } else if (step.do === "burst") {
      await this.#burst(step.all);
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

  /** Hands the commands to the object in one go. The first is committed alone, and then beats go ahead. */
  async #burst(all: readonly What[]): Promise<void> {
    const place = ([index, { kind }]: [number, What]) => (index === 0 || kind === "beat" ? 0 : 1);
    const foreseen: ReturnType<Pair["foresee"]>[] = [];
    for (const [index, wanted] of [...all.entries()].toSorted((a, b) => place(a) - place(b))) {
      foreseen[index] = this.foresee(wanted);
    }
    this.commands += all.length;
    const answers = await runInDurableObject(this.#stub, (coordinator) =>
      Promise.all(
        foreseen.map(({ command }) =>
          (coordinator as GroupCoordinator).execute(this.request(command)),
        ),
      ),
    );
    for (const [index, answer] of answers.entries()) {
      expectAnswer(answer, foreseen[index]?.expected);
    }
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
        const { kind, maxJobs, heartbeatSeconds } = wanted;
        const beating = heartbeatSeconds && { heartbeatSeconds };
        return { kind, workerId: "w", maxJobs, leaseIds, ...beating };
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
      case "fail": {
        const { pick: _pick, whose: _whose, ...report } = wanted;
        const failure = { error: "blurred", errorCode: "blurred" };
        return { ...report, ...this.#leaseOf(wanted), ...failure };
      }
      case "release": {
        const { kind, retryAfterSeconds, unseen } = wanted;
        const release = { kind, ...this.#leaseOf(wanted), retryAfterSeconds, reason: "busy" };
        return unseen ? { ...release, unseen } : release;
      }
      case "beat":
        return { kind: "beat", leases: [this.#leaseOf(wanted)] };
      case "erase": {
        const { jobs } = this.model;
        return { kind: "erase", jobId: jobs[wanted.pick % jobs.length]?.id ?? "0".repeat(24) };
      }
      case "retry": {
        const { statuses, errorCodes, picks, dryRun } = wanted;
        const { jobs } = this.model;
        const jobIds = picks && picks.flatMap((pick) => jobs[pick % jobs.length]?.id ?? []);
        const choice = statuses && { statuses, errorCodes, jobIds };
        return { kind: "retry", choice, dryRun };
      }
      case "pause":
        return { kind: "pause", reason: wanted.reason };
      case "cancel": {
        const { jobs } = this.model;
        const jobIds = wanted.picks?.flatMap((pick) => jobs[pick % jobs.length]?.id ?? []);
        return { kind: "cancel", ...(jobIds && { jobIds }) };
      }
      case "open":
      case "resume":
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

/** A repeat of a report whose answer was lost may also be a duplicate. */
function expectAnswer(outcome: Outcome, expected: Told | undefined, repeated = false): void {
  const answer = told(outcome);
  const reply = "reply" in answer ? answer.reply : {};
  const either = repeated && "outcome" in reply ? { outcome: reply.outcome } : {};
  const foreseen = expected !== undefined && "reply" in expected ? expected.reply : {};
  expect(answer).toEqual(
    "reply" in answer ? { ...expected, reply: { ...foreseen, ...either } } : expected,
  );
}

/** A job's row as it must be stored: a completion alone makes no history. */
function rowOf({ ended, ...job }: ModelJob) {
  const isLoneCompletion = ended.length === 1 && job.status === "completed";
  if (ended.length === 0 || isLoneCompletion) return { ...job, history: null };
  return { ...job, history: ended.slice(-20).map((entry) => ({ workerId: "w", ...entry })) };
}

/** Holds the stored rows against the model, and the armed alarm against the leases. */
async function expectRowsToEqualModel(pair: Pair): Promise<void> {
  const { id, model } = pair;
  if (model.isDeleted) return expectRemoval(id);
  const [[groups, jobs], alarm] = await Promise.all([
    database.batch<Record<string, unknown>>([
      database.prepare(GROUP_ROW).bind(id),
      database.prepare(JOB_ROWS).bind(id),
    ]),
    runInDurableObject(env.GROUP_COORDINATOR.getByName(id), (_, { storage }) => storage.getAlarm()),
  ]);
  const rows = (jobs?.results ?? []).map(({ history, ...row }) => ({
    ...row,
    history: history === null ? null : JSON.parse(history as string),
  }));
  expect(rows).toEqual(model.jobs.map(rowOf));
  const { jobsWithLease, beats, ...group } = groups?.results[0] ?? {};
  expect(JSON.parse(String(beats))).toEqual(Object.fromEntries(model.beats));
  expect(group).toEqual(model.group());
  const leased = model.in("processing");
  expect(JSON.parse(String(jobsWithLease)).toSorted()).toEqual(leased.map(({ id }) => id));
  for (const job of leased) expect(alarm ?? Infinity).toBeLessThanOrEqual(model.endOf(job));
}

const GROUP_ROW = `SELECT status, run, currency, started_at AS startedAt, completed_at AS completedAt,
  due_at AS claimableAt, fresh_from AS firstUnclaimed, cancelled_unclaimed AS cancelledUnclaimed, erased_jobs AS erasedJobs, total_pages AS totalPages,
  total_cost_micros AS totalCostMicros, total_processing_ms AS totalProcessingMs,
  total_jobs AS totalJobs, pending_jobs AS pendingJobs, processing_jobs AS processingJobs,
  completed_jobs AS completedJobs, failed_jobs AS failedJobs, cancelled_jobs AS cancelledJobs,
  parallel_jobs AS parallelJobs, retry_count AS retryCount, timeout_minutes AS timeoutMinutes,
  max_failure_rate AS maxFailureRate, max_cost_micros AS maxCostMicros,
  paused_at AS pausedAt, pause_reason AS pauseReason,
  leased_jobs AS jobsWithLease, beats FROM job_group WHERE id = ?`;
const JOB_ROWS = `SELECT id, job_number AS jobNumber, status, attempts, available_at AS availableAt,
  lease_id AS leaseId, lease_outcome AS leaseOutcome, leased_at AS leasedAt,
  lease_expires_at AS attemptEndsAt, heartbeat_seconds AS heartbeatSeconds, deferrals, error, error_code AS errorCode, pages,
  cost_micros AS costMicros, currency, processing_ms AS processingMs, history FROM job WHERE group_id = ? ORDER BY id`;
