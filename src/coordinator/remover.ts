import { connect } from "../store/db.ts";
import { databaseAt, type GroupPlace } from "../store/shards.ts";
import { endRemoval, REMOVED_KINDS, removeSome } from "../store/write/remove-group.ts";
import type { Alarm } from "./alarm.ts";

/** Statements of one run. An invocation may make only so many calls, so the alarm goes on. */
const STEPS = 40;
const AGAIN_MS = 5_000;

/**
 * Removes what is left of a group that was too large for one commit, step by step. The alarm is set before the first
 * step, so a run that dies is followed by another; which one deletes a row does not matter.
 */
export class Remover {
  readonly #env: Env;
  readonly #alarm: Pick<Alarm, "arm" | "forget">;
  #isRunning = false;

  constructor(env: Env, alarm: Pick<Alarm, "arm" | "forget">) {
    this.#env = env;
    this.#alarm = alarm;
  }

  async run(group: GroupPlace): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      await this.#alarm.arm(group, Date.now() + AGAIN_MS);
      if (await this.#steps(group)) await this.#alarm.forget();
      else await this.#alarm.arm(group, Date.now());
    } finally {
      this.#isRunning = false;
    }
  }

  /** Resolves to true when nothing is left. */
  async #steps({ groupId, shard }: GroupPlace): Promise<boolean> {
    const db = connect(databaseAt(this.#env, shard));
    let steps = 0;
    for (const kind of REMOVED_KINDS) {
      for (; steps < STEPS; steps++) {
        const startedAt = Date.now();
        if ((await removeSome(db, groupId, kind)) === 0) break;
        // At least half of the database's time is left to others.
        await scheduler.wait(Date.now() - startedAt);
      }
    }
    return steps < STEPS && endRemoval(db, groupId, Date.now());
  }
}
