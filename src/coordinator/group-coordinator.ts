import { DurableObject } from "cloudflare:workers";
import type { Job } from "../domain/job.ts";
import { sequenceOf } from "../domain/job.ts";
import type { State } from "../domain/state.ts";
import { type Change, commit } from "../store/commit.ts";
import { connect } from "../store/db.ts";
import { load, type Loaded, READ_AHEAD } from "../store/load.ts";
import { type Folded, fold, receiptAt, showing } from "./fold.ts";
import { type CommandRequest, type Outcome, unavailable } from "./protocol.ts";
import { randomHex } from "./random.ts";
import { type Cache, nextBatch, wantedBy } from "./requests.ts";

interface Pending {
  readonly request: CommandRequest;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: Error) => void;
}

const MAX_QUEUED = 1_000;
const MAX_TRIES = 5;
const ALARM_RETRY_MS = 5_000;

/**
 * The only writer of one group's rows. D1 is the truth; what is in memory is a cache that may vanish
 * between any two lines.
 *
 * A Durable Object does not hold back events while it awaits D1, so commands queue here: while one
 * batch is in flight the next ones gather and go together. Within a try the order is load, decide, arm
 * the alarm, commit, answer: nothing is answered before D1 has it, and no lease exists without an alarm.
 */
export class GroupCoordinator extends DurableObject<Env> {
  readonly #db = connect(this.env.DB);
  #queue: Pending[] = [];
  #flushing: Promise<void> | null = null;
  #cache: Cache | null = null;
  #alarmAt: number | null = null;

  /** Executes one command; answers when it is committed. Throws only for a bug. */
  execute(request: CommandRequest): Promise<Outcome> {
    if (this.#queue.length >= MAX_QUEUED) return Promise.resolve(unavailable);
    const answer = new Promise<Outcome>((resolve, reject) => {
      this.#queue.push({ request, resolve, reject });
    });
    this.#flush();
    return answer;
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    const groupId = this.ctx.storage.kv.get<string>("groupId");
    if (groupId === undefined) return;
    const outcome = await this.execute({ groupId, workspace: "", command: { kind: "expire" } });
    const failed = !outcome.ok && outcome.refusal.code === "UNAVAILABLE";
    if (failed) await this.#arm(groupId, Date.now() + ALARM_RETRY_MS);
  }

  #flush(): void {
    if (this.#flushing !== null) return;
    this.#flushing = this.#drain().finally(() => {
      this.#flushing = null;
      if (this.#queue.length > 0) this.#flush();
    });
    // A caller that hangs up must not take the batch with it.
    this.ctx.waitUntil(this.#flushing);
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      const batch = this.#queue.splice(0, nextBatch(this.#queue.map(({ request }) => request)));
      try {
        await this.#settleAll(batch);
      } catch (error) {
        this.#cache = null;
        for (const { reject } of batch) reject(error as Error);
      }
    }
  }

  async #settleAll(batch: readonly Pending[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const requests = batch.map(({ request }) => request);
    const outcomes = await this.#settle(first.request.groupId, requests);
    if (outcomes === "refused" && batch.length > 1) {
      // One of them is poison; alone, each answers for itself.
      for (const pending of batch) await this.#settleAll([pending]);
      return;
    }
    for (const [index, { resolve, reject }] of batch.entries()) {
      if (outcomes === "refused") reject(new Error("the database refused the change"));
      else if (outcomes === null) resolve(unavailable);
      else {
        const outcome = outcomes[index] ?? new Error("a request was left without an outcome");
        if (outcome instanceof Error) reject(outcome);
        else resolve(outcome);
      }
    }
  }

  /** Brings requests to a commit; `null` when D1 could not be brought to answer. */
  async #settle(groupId: string, requests: readonly CommandRequest[]) {
    const tried = new Map<string, Folded["outcomes"]>();
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      try {
        const now = Date.now();
        const wanted = wantedBy(groupId, requests, this.#cache, now);
        // A new id is nobody's; were it somebody's, the commit would say so.
        const known = attempt > 0 || !requests.every(isNew);
        const loaded = await load(this.#db, { ...wanted, group: wanted.group && known }, now);
        const before = merge(this.#cache, loaded);
        const landed = tried.get(before.group?.revision ?? "deleted");
        if (landed !== undefined) {
          await this.#keep(before);
          return landed;
        }
        const folded = fold(before, requests, loaded.receipts, now);
        if (this.#cache !== null && folded.outcomes.some(isRefused)) {
          // No commit, so no fence: another live copy may know better than this one's memory.
          this.#cache = null;
          continue;
        }
        const change = changeOf(before, folded, requests, now);
        if (change === null) {
          await this.#keep(before);
          await this.#armFor(before);
          return folded.outcomes;
        }
        const after = { ...folded.after, group: change.after };
        const outcomes = showing(change.after, folded);
        await this.#armFor(after);
        // A write without an answer may have landed, or may still: its token tells on the next read.
        tried.set(after.group?.revision ?? "deleted", outcomes);
        this.#cache = null;
        const result = await commit(this.#db, change);
        if (result === "refused") return result;
        if (result === "committed") {
          // A sweep changes jobs that are not loaded: who waits after it is to be read anew.
          await this.#keep({ ...after, allWaiting: before.allWaiting && !folded.sweep });
          return outcomes;
        }
      } catch (error) {
        this.#cache = null;
        console.error("try failed", groupId, attempt, error);
        await scheduler.wait(20 * 2 ** attempt);
      }
    }
    return null;
  }

  /**
   * The leased jobs stay in memory, ten at most, and the next to be leased, so that a claim needs no read;
   * of a group that is gone nothing stays anywhere.
   */
  async #keep(state: Cache): Promise<void> {
    const { group } = state;
    if (group === null) return this.#forget();
    const isAhead = ({ id, status, availableAt }: Job) =>
      status === "queued" && availableAt === null && sequenceOf(id) < group.freshFrom + READ_AHEAD;
    const kept = [...state.jobs.values()].filter(
      (job) => job.status === "processing" || isAhead(job),
    );
    const slim = kept.map((job): [string, Job] => [job.id, { ...job, extractedData: null }]);
    this.#cache = { ...state, jobs: new Map(slim) };
  }

  async #armFor(state: State): Promise<void> {
    const expiries = (state.group?.leasedJobs ?? []).flatMap(
      (id) => state.jobs.get(id)?.leaseExpiresAt ?? [],
    );
    if (state.group !== null && expiries.length > 0) {
      await this.#arm(state.group.id, Math.min(...expiries));
    }
  }

  /** One alarm, never moved later: one that finds nothing to do is harmless. */
  async #arm(groupId: string, at: number): Promise<void> {
    this.#alarmAt ??= await this.ctx.storage.getAlarm();
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.ctx.storage.kv.put("groupId", groupId);
    await this.ctx.storage.setAlarm(at);
    this.#alarmAt = at;
  }

  async #forget(): Promise<void> {
    this.#cache = null;
    this.#alarmAt = null;
    if (this.ctx.storage.kv.get("groupId") === undefined) return;
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
  }
}

/** A cached group is newer than none: rows just read are taken, leased jobs in memory are kept. */
function merge(cache: Cache | null, loaded: Loaded): Cache {
  const jobs = new Map(loaded.jobs.map((job) => [job.id, job]));
  for (const [id, job] of cache?.jobs ?? []) jobs.set(id, job);
  const { waiting, allWaiting } = loaded.readWaiting || cache === null ? loaded : cache;
  return { group: cache?.group ?? loaded.group, jobs, waiting, allWaiting };
}

function changeOf(
  before: State,
  folded: Folded,
  requests: readonly CommandRequest[],
  now: number,
): Change | null {
  const { after, sweep, remembered } = folded;
  if (after === before) return null;
  const group = after.group && { ...after.group, revision: randomHex(16) };
  const outcomes = showing(group, folded);
  const changedJobs = [...after.jobs.values()].filter((job) => before.jobs.get(job.id) !== job);
  return {
    before: before.group,
    after: group,
    insertedJobs: changedJobs.filter((job) => !before.jobs.has(job.id)),
    updatedJobs: changedJobs.filter((job) => before.jobs.has(job.id)),
    sweep,
    receipts: remembered.flatMap((index) => receiptAt(index, requests, outcomes, now)),
    now,
  };
}

const isNew = ({ command, idempotency }: CommandRequest): boolean =>
  command.kind === "create" && idempotency === undefined;

const isRefused = (outcome: Outcome | Error): boolean => !(outcome instanceof Error) && !outcome.ok;
