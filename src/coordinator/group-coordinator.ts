import { DurableObject } from "cloudflare:workers";
import type { DeliveryKey } from "../domain/delivery.ts";
import { type GroupKey, keyOf } from "../domain/group.ts";
import { committedGroup, type State } from "../domain/state.ts";
import { Courier } from "../notify/courier.ts";
import { commit } from "../store/write/commit.ts";
import { connect } from "../store/db.ts";
import { reviveDelivery } from "../store/write/outbox.ts";
import { isCurrent, load } from "../store/write/load.ts";
import { Alarm } from "./alarm.ts";
import { type Cache, merge, forCache } from "./cache.ts";
import { type BatchResult, CommandQueue } from "./command-queue.ts";
import { decideBatch } from "./decide-batch.ts";
import { outcomesOf } from "./decided.ts";
import { planCommit } from "./plan-commit.ts";
import type { CommandRequest, Outcome, Redelivery } from "./protocol.ts";
import { readPlan } from "./read-plan.ts";

type Outcomes = Extract<BatchResult, { kind: "answered" }>["outcomes"];

const MAX_TRIES = 5;
const ALARM_RETRY_MS = 5_000;
/** Notices are sent right after their commit; the alarm is for what a crash has left. */
const UNSENT_MS = 5_000;

/**
 * The only writer of one group's rows. D1 is the truth; what is in memory is a cache that may vanish
 * between any two lines.
 *
 * A Durable Object does not hold back events while it awaits D1, so commands queue here: while one
 * batch is in flight the next ones gather and go together. Within a try the order is load, decide, arm
 * the alarm, commit, answer: nothing is answered before D1 has it, and no lease exists without an alarm.
 */
export class GroupCoordinator extends DurableObject<Env> {
  readonly #alarm = new Alarm(this.ctx.storage);
  readonly #courier = new Courier({
    env: this.env,
    db: connect(this.env.DB),
    wakeAt: (groupId, at) => this.#alarm.arm(groupId, at),
    background: (work) => this.ctx.waitUntil(work),
  });
  readonly #queue = new CommandQueue(
    (requests) => this.#commitRequests(requests),
    (work) => this.ctx.waitUntil(work),
  );
  #cache: Cache | null = null;

  /** Executes one command; answers when it is committed. Throws only for a bug. */
  execute(request: CommandRequest): Promise<Outcome> {
    return this.#queue.execute(request);
  }

  /** Makes a notice due again; answers it, or `null` when the workspace has no such notice. */
  async redeliver(key: DeliveryKey): Promise<Redelivery | null> {
    const now = Date.now();
    await this.#alarm.arm(key.groupId, now + UNSENT_MS);
    const session = this.env.DB.withSession("first-primary");
    const delivery = await reviveDelivery(connect(session), key, now);
    if (delivery === undefined) return null;
    this.ctx.waitUntil(this.#wakeCourier(key));
    return { delivery, bookmark: session.getBookmark() };
  }

  override async alarm(): Promise<void> {
    const groupId = this.#alarm.wentOff();
    if (groupId === undefined) return;
    const outcome = await this.execute({ groupId, workspace: "", command: { kind: "expire" } });
    const failed = !outcome.ok && outcome.refusal.code === "UNAVAILABLE";
    // After that command, and so after every commit that was under way when the alarm went off.
    const reply = outcome.ok ? outcome.reply : null;
    const group = reply !== null && "workspace" in reply ? keyOf(reply) : null;
    const woken = !failed && (group === null || (await this.#wakeCourier(group)));
    if (!woken) await this.#alarm.arm(groupId, Date.now() + ALARM_RETRY_MS);
  }

  async #wakeCourier(group: GroupKey): Promise<boolean> {
    try {
      await this.#courier.wake(group);
      return true;
    } catch (error) {
      console.error("notices not sent", group.groupId, error);
      return false;
    }
  }

  /** Commits the change that the requests make, in up to MAX_TRIES tries. */
  async #commitRequests(requests: readonly CommandRequest[]): Promise<BatchResult> {
    const groupId = requests[0]?.groupId ?? "";
    const tried = new Map<string | null, Outcomes>();
    let unanswered = false;
    for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
      try {
        const now = Date.now();
        // Its first query goes to the primary, and so does every write.
        const session = this.env.DB.withSession("first-primary");
        const db = connect(session);
        const plan = readPlan(groupId, requests, this.#cache, { now, unanswered });
        // A new id is nobody's; were it somebody's, the commit would say so.
        const known = attempt > 0 || !requests.every(isNew);
        const loaded = await load(db, { ...plan, group: plan.group && known }, now);
        const before = merge(this.#cache, loaded);
        const landed = tried.get(before.revision);
        if (landed !== undefined) {
          await this.#keep(before);
          return answered(landed, session);
        }
        const decided = decideBatch(before, requests, loaded.receipts, now);
        if (decided.after === before) {
          // No commit, so no fence: another live copy may know better than this one's memory.
          if (this.#cache !== null && !(await isCurrent(db, committedGroup(before)))) {
            this.#cache = null;
            continue;
          }
          // A caller's read finds no other workspace's group: only the alarm's tells that there is none.
          if (before.group !== null || plan.workspace === null) await this.#keep(before);
          await this.#armFor(before);
          return answered(outcomesOf(decided.outcomes, committedGroup(before)), session);
        }
        const { change, after, outcomes } = planCommit(before, decided, now);
        await this.#armFor(after);
        if (change.notices.length > 0) await this.#alarm.arm(groupId, now + UNSENT_MS);
        // A write without an answer may have landed, or may still: its token tells on the next read.
        tried.set(after.revision, outcomes);
        this.#cache = null;
        const result = await commit(db, change);
        if (result === "refused") return { kind: "refused" };
        if (result !== "fenced") {
          // A sweep changes jobs that are not loaded: who waits after it is to be read anew.
          await this.#keep({ ...after, allWaiting: before.allWaiting && !decided.sweep });
          if (result === "announced" && change.after !== null) {
            this.ctx.waitUntil(this.#wakeCourier(keyOf(change.after)));
          }
          return answered(outcomes, session);
        }
      } catch (error) {
        this.#cache = null;
        unanswered = true;
        console.error("try failed", groupId, attempt, error);
        await scheduler.wait(20 * 2 ** attempt);
      }
    }
    return { kind: "unavailable" };
  }

  /** Of a group that is gone nothing stays anywhere. */
  async #keep(state: Cache): Promise<void> {
    this.#cache = state.group === null ? null : forCache(state);
    if (state.group === null) await this.#alarm.forget();
  }

  async #armFor(state: State): Promise<void> {
    const expiries = (state.group?.leasedJobs ?? []).flatMap(
      (id) => state.jobs.get(id)?.leaseExpiresAt ?? [],
    );
    if (state.group !== null && expiries.length > 0) {
      await this.#alarm.arm(state.group.id, Math.min(...expiries));
    }
  }
}

/** Adds the bookmark of the session that wrote: a session that begins with it reads what was written. */
function answered(outcomes: Outcomes, session: D1DatabaseSession): BatchResult {
  const bookmark = session.getBookmark();
  if (bookmark === null) return { kind: "answered", outcomes };
  const stamped = outcomes.map((outcome) =>
    outcome instanceof Error || !outcome.ok ? outcome : { ...outcome, bookmark },
  );
  return { kind: "answered", outcomes: stamped };
}

const isNew = ({ command, idempotency }: CommandRequest): boolean =>
  command.kind === "create" && idempotency === undefined;
