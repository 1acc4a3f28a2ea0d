import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Calls, Claim } from "./calls.ts";
import type { Settings } from "./options.ts";
import type { Lease } from "./types.ts";

const MOST_JOBS_A_CLAIM = 10;
/** A group is followed by claimNext for so long. Then the line is asked again: a more urgent group may have come. */
const FOLLOW_MS = 10_000;
/** Shortest time between two claims of which the first was empty. */
const IDLE_MS = 1_000;

interface Surroundings {
  stopping: AbortSignal;
  onLease: (lease: Lease) => void;
  onIdle: (reason: string | undefined) => void;
}

/** Claims jobs while there is room for them, one claim at a time. */
export class Claimer {
  readonly #settings: Settings;
  readonly #calls: Calls;
  readonly #surroundings: Surroundings;
  readonly #changes = new EventEmitter();
  #free: number;
  /** An engine that is throttled gets no new work until then. */
  #restsUntil = 0;
  /** A claim that a stop broke off. The API may have granted it leases all the same. */
  #open: { key: string; claim: Claim } | undefined;

  constructor(settings: Settings, calls: Calls, surroundings: Surroundings) {
    this.#settings = settings;
    this.#calls = calls;
    this.#surroundings = surroundings;
    this.#free = settings.concurrency;
  }

  /** Returns when the processor is stopped, or the group that it is bound to has ended. */
  async claimUntilStopped(): Promise<void> {
    const { groupId } = this.#settings;
    const { stopping, onIdle } = this.#surroundings;
    while (await this.#hasRoom()) {
      const startedAt = performance.now();
      const claimed = await this.#claim();
      if (claimed === undefined || claimed.leases.length > 0) continue;
      onIdle(claimed.reason);
      if (groupId !== undefined && claimed.reason === "finished") return;
      const left = IDLE_MS - (performance.now() - startedAt);
      if (left > 0) await sleep(left, undefined, { signal: stopping }).catch(() => undefined);
    }
  }

  /**
   * Repeats a claim that was broken off, without a wait, so that leases which were granted meanwhile are known and can
   * be released.
   */
  async takeUp(signal: AbortSignal): Promise<void> {
    if (this.#open === undefined) return;
    const { key, claim } = this.#open;
    const how = { key, waitSeconds: 0, signal };
    const { leases } = await this.#calls
      .claim(this.#settings.groupId, claim, how)
      .catch(() => ({ leases: [] }));
    leases.forEach((lease) => this.#take(lease));
  }

  /** A job is done. */
  free(): void {
    this.#free += 1;
    this.#changes.emit("free");
  }

  /** The engine asks to wait: nothing is claimed meanwhile. */
  rest(seconds: number): void {
    this.#restsUntil = Math.max(this.#restsUntil, performance.now() + seconds * 1000);
  }

  /** `true` when the report of a job should bring the next one of its group. */
  follows(claimedAt: number): boolean {
    const { stopping } = this.#surroundings;
    const now = performance.now();
    if (stopping.aborted || now < this.#restsUntil) return false;
    return this.#settings.groupId !== undefined || now < claimedAt + FOLLOW_MS;
  }

  async #claim(): Promise<{ leases: Lease[]; reason: string | undefined } | undefined> {
    const { workerId, heartbeatSeconds, waitSeconds, filter, groupId } = this.#settings;
    const { stopping } = this.#surroundings;
    const maxJobs = Math.min(MOST_JOBS_A_CLAIM, this.#free);
    const claim = { workerId, heartbeatSeconds, maxJobs, ...filter };
    const key = randomUUID();
    try {
      const claimed = await this.#calls.claim(groupId, claim, {
        key,
        waitSeconds,
        signal: stopping,
      });
      claimed.leases.forEach((lease) => this.#take(lease));
      return claimed;
    } catch (error) {
      if (!stopping.aborted) throw error;
      this.#open = { key, claim };
      return undefined;
    }
  }

  #take(lease: Lease): void {
    this.#free -= 1;
    this.#surroundings.onLease(lease);
  }

  /** Resolves when a job may be claimed; to `false` when the processor is stopped first. */
  async #hasRoom(): Promise<boolean> {
    const { stopping } = this.#surroundings;
    try {
      while (this.#free <= 0) await once(this.#changes, "free", { signal: stopping });
      for (let left = this.#restLeft(); left > 0; left = this.#restLeft())
        await sleep(left, undefined, { signal: stopping });
      return !stopping.aborted;
    } catch {
      return false;
    }
  }

  #restLeft(): number {
    return this.#restsUntil - performance.now();
  }
}
