import { configOf } from "../config.ts";
import { keyOf } from "../domain/group.ts";
import { isBeingRemoved } from "../domain/removal.ts";
import { openingOf } from "../domain/opening.ts";
import { committedGroup, type State } from "../domain/state.ts";
import { connect, type Db } from "../store/db.ts";
import { databaseAt, type GroupPlace } from "../store/shards.ts";
import { commit, type CommitQuotas, type CommitResult } from "../store/write/commit.ts";
import { isCurrent } from "../store/write/fence.ts";
import { load } from "../store/write/load.ts";
import type { Alarm } from "./alarm.ts";
import { type Cache, forCache, merge } from "./cache.ts";
import type { BatchResult, GroupAfter } from "./batch-result.ts";
import { decideBatch } from "./decide-batch.ts";
import { outcomesOf } from "./decided.ts";
import { type CommitPlan, planCommit } from "./plan-commit.ts";
import { type CommandRequest, type Outcome, overQuota } from "./protocol.ts";
import { type Batch, readPlan } from "./read-plan.ts";
import { wakeTime } from "./wake-time.ts";

const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 20;

type Outcomes = readonly (Outcome | Error)[];

/** `again`: the group was not what the attempt took it for, and nothing is written. */
type AttemptResult = BatchResult | { readonly kind: "again" };

interface Attempts extends Batch {
  attempt: number;
  unanswered: boolean;
  /** The outcomes of every write that was tried, by the revision it leaves: `null` when it deletes the group. */
  readonly written: Map<string | null, Outcomes>;
  /** An attempt has tried to delete the group and to leave its jobs to the alarm. */
  leavesRemains: boolean;
}

/**
 * The only writer of one group's rows. D1 holds the truth; the cache may vanish between any two lines.
 *
 * An attempt has five steps: load, decide, arm the alarm, commit, answer. The alarm is armed before the commit,
 * so no lease is stored without an alarm. Callers are answered after the commit, so an answered change is stored.
 *
 * A write that gets no answer may have landed, and may still land. So each attempt notes the revision that its
 * write will leave, drops the cache, and only then writes. The next attempt has no cache and must read the group:
 * - It finds a noted revision, as the group's present one or among its recent ones: that write has landed, and its
 *   outcomes are the answer, whatever another copy has written since.
 * - It finds the revision it read before: it decides again. The fence lets only one of the two writes land.
 * - It finds another revision: it decides again. Commands recognise what they have left behind: lease ids, job
 *   ids, the outcome of a lease.
 */
export class GroupWriter {
  readonly #env: Env;
  readonly #alarm: Pick<Alarm, "arm" | "forget">;
  readonly #announce: (group: GroupPlace) => void;
  #cache: Cache | null = null;

  /**
   * @param announce is called after a commit that stored notices
   */
  constructor(
    env: Env,
    alarm: Pick<Alarm, "arm" | "forget">,
    announce: (group: GroupPlace) => void,
  ) {
    this.#env = env;
    this.#alarm = alarm;
    this.#announce = announce;
  }

  /** Commits the change that the requests make. `unavailable` when no attempt got an answer from D1. */
  async write(requests: readonly CommandRequest[]): Promise<BatchResult> {
    const [first] = requests;
    if (first === undefined) throw new Error("a batch must have a request");
    const { groupId, shard } = first;
    const batch: Attempts = {
      groupId,
      shard,
      requests,
      attempt: 0,
      unanswered: false,
      written: new Map(),
      leavesRemains: false,
    };
    for (; batch.attempt < MAX_ATTEMPTS; batch.attempt++) {
      try {
        const startedAt = Date.now();
        const result = await this.#attempt(batch);
        if (result.kind === "again") continue;
        // At least half of the database's time is left to others.
        if (hasFurtherSteps(result)) await scheduler.wait(Date.now() - startedAt);
        return result;
      } catch (error) {
        this.#cache = null;
        batch.unanswered = true;
        console.error("attempt failed", groupId, batch.attempt, error);
        await scheduler.wait(FIRST_WAIT_MS * 2 ** batch.attempt);
      }
    }
    return { kind: "unavailable" };
  }

  async #attempt(batch: Attempts): Promise<AttemptResult> {
    const now = Date.now();
    // The first query of such a session goes to the primary, as every write does.
    const session = databaseAt(this.#env, batch.shard).withSession("first-primary");
    const db = connect(session);
    const { before, recent, receipts, workspace } = await this.#load(db, batch, now);
    const landed = landedOf(batch, [before.revision, ...recent]);
    if (landed !== undefined) return this.#answer(batch, before, landed, session, now);
    const decided = decideBatch(before, batch.requests, receipts, now);
    if (decided.after === before) {
      if (await this.#isStale(db, before)) return { kind: "again" };
      await this.#armAlarm(before, now);
      const outcomes = outcomesOf(decided.outcomes, committedGroup(before));
      // A caller's read sees no group of another workspace: only the alarm's read tells that the group is gone.
      if (before.group === null && workspace !== null) return answered(outcomes, session);
      return this.#answer(batch, before, outcomes, session, now);
    }
    const plan = planCommit(before, decided, now);
    await this.#armAlarm(plan.after, now);
    if (plan.change.remains !== null && before.group !== null) {
      batch.leavesRemains = true;
      // It goes off at once, and its work waits in the queue until this batch is committed.
      await this.#alarm.arm(keyOf(before.group), now);
    }
    const result = await this.#commit(db, batch, plan);
    if (result === "refused") return { kind: "refused" };
    if (result === "stopped") return { kind: "unavailable" };
    if (result === "fenced") return { kind: "again" };
    if (result === "over_quota") {
      const [first, ...others] = batch.requests;
      // Each alone then, so that only the one that is too much is refused.
      if (first === undefined || others.length > 0) return { kind: "refused" };
      return answered([overQuota(first.command, this.#quotasFor(batch))], session);
    }
    if (result === "announced" && plan.after.group)
      this.#announce({ ...keyOf(plan.after.group), shard: batch.shard });
    return this.#answer(batch, plan.after, plan.outcomes, session, now);
  }

  #quotasFor({ requests }: Batch): CommitQuotas {
    const most = requests.flatMap(({ mostStoredBytes }) => mostStoredBytes ?? []);
    return {
      groups: configOf(this.#env).quotas.groups,
      storedBytes: most.length > 0 ? Math.min(...most) : undefined,
    };
  }

  async #load(db: Db, batch: Attempts, now: number) {
    const plan = readPlan(batch, this.#cache, now);
    const loaded = await load(db, plan, now);
    const before = merge(this.#cache, loaded);
    const { receipts, recentRevisions: recent } = loaded;
    return { before, recent, receipts, workspace: plan.workspace };
  }

  /** A batch that changes nothing has no commit and so no fence. Another live copy may have written meanwhile. */
  async #isStale(db: Db, before: Cache): Promise<boolean> {
    const isFresh = this.#cache === null || (await isCurrent(db, before));
    if (isFresh) return false;
    this.#cache = null;
    return true;
  }

  async #armAlarm(state: State, now: number): Promise<void> {
    const at = wakeTime(state, now);
    if (at === null || state.group === null) return;
    await this.#alarm.arm(keyOf(state.group), at);
  }

  /**
   * Notes the revision, drops the cache, writes. The order of these lines is the proof that no write counts twice.
   * Beats alone leave no new revision to find: after a lost answer they are decided again. That never makes a lease end earlier.
   */
  #commit(db: Db, batch: Attempts, { change, after, outcomes }: CommitPlan): Promise<CommitResult> {
    if (after.revision !== change.before?.revision) batch.written.set(after.revision, outcomes);
    this.#cache = null;
    return commit(db, change, this.#quotasFor(batch));
  }

  /**
   * Keeps in the cache what is now stored. A group that is gone leaves no cache, and no alarm unless it left remains. One that
   * was just created leaves none either: the number of its row is not known.
   */
  async #answer(
    batch: Attempts,
    state: Cache,
    outcomes: Outcomes,
    session: D1DatabaseSession,
    decidedAt: number,
  ): Promise<BatchResult> {
    const isGone = state.group === null || isBeingRemoved(state.group);
    this.#cache = isGone || state.rowid === null ? null : forCache(state);
    if (state.group === null && !batch.leavesRemains) await this.#alarm.forget();
    const { group, revision } = state;
    return answered(outcomes, session, { revision, opening: openingOf(group), decidedAt });
  }
}

const hasFurtherSteps = (result: BatchResult): boolean =>
  result.kind === "answered" &&
  result.outcomes.some((outcome) => !(outcome instanceof Error) && outcome.ok && outcome.rest);

/** The outcomes of the write that left one of these revisions. */
const landedOf = ({ written }: Attempts, revisions: readonly (string | null)[]) =>
  revisions.map((revision) => written.get(revision)).find((outcomes) => outcomes !== undefined);

/** Adds the bookmark of this session: a session that begins with it reads what this one has read or written. */
function answered(outcomes: Outcomes, session: D1DatabaseSession, after?: GroupAfter): BatchResult {
  const bookmark = session.getBookmark();
  const stamped = outcomes.map((outcome) =>
    outcome instanceof Error || !outcome.ok || bookmark === null
      ? outcome
      : { ...outcome, bookmark },
  );
  return { kind: "answered", outcomes: stamped, ...(after && { after }) };
}
