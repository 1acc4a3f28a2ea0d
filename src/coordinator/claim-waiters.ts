import type { ClaimReply } from "../domain/replies.ts";
import type { Opening } from "../domain/opening.ts";
import type { GroupAfter } from "./batch-result.ts";
import type { Outcome } from "./protocol.ts";
import type { Queued } from "./queued.ts";

/** A further claim that finds nothing is answered at once. */
const MAX_WAITERS = 1_000;

/**
 * The claims on one group that found nothing and wait for work, in the order of their arrival. A change of the group
 * wakes as many as it can answer, so a change that opens nothing costs nothing, however many wait. Woken claims are
 * decided like any other; one that comes away empty again returns to its place.
 */
export class ClaimWaiters {
  readonly #wake: (ready: Queued[]) => void;
  readonly #waiters: Queued[] = [];
  /** The revision and the opening of the group after the last batch while claims waited. */
  #revision: string | null = null;
  #opening: Opening | null = null;
  /** The end of a back-off that has not woken its waiters yet. */
  #opensAt = Infinity;
  #goesOffAt = Infinity;

  /** @param wake takes the claims to be decided when a back-off or a wait has ended */
  constructor(wake: (ready: Queued[]) => void) {
    this.#wake = wake;
  }

  /** Keeps a claim that came away empty. `false` when its caller is to be answered. */
  keep(queued: Queued, outcome: Outcome, now: number): boolean {
    const { wait } = queued;
    const isOver = wait === undefined || wait.hasLeft || wait.until <= now;
    if (isOver || this.#waiters.length >= MAX_WAITERS || !isWorthWaiting(outcome)) return false;
    const before = this.#waiters.findLastIndex((other) => arrivalOf(other) < wait.arrival);
    this.#waiters.splice(before + 1, 0, queued);
    return true;
  }

  /** Takes the claims that can be answered after a batch. */
  afterBatch({ revision, opening, decidedAt }: GroupAfter): Queued[] {
    if (this.#waiters.length === 0) return [];
    // Claims woken at this revision came away empty. Waking them for it again could go on for ever.
    const hasChanged = revision !== this.#revision;
    const backsOff = opening !== null && opening.at > decidedAt;
    this.#revision = revision;
    this.#opening = opening;
    if (backsOff) this.#opensAt = opening.at;
    else if (hasChanged) this.#opensAt = Infinity;
    const ready = hasChanged && !backsOff ? this.#takeOpened() : [];
    this.#setTimer(Date.now());
    return ready;
  }

  /** Takes the claims under the same Idempotency-Key as one that was granted leases: they are answered the same. */
  takeTwins({ request: { workspace, idempotency } }: Queued): Queued[] {
    if (idempotency === undefined) return [];
    return this.#take(
      ({ request: other }) =>
        other.workspace === workspace &&
        other.idempotency?.operation === idempotency.operation &&
        other.idempotency.keyHash === idempotency.keyHash,
    );
  }

  /** Takes the claim of a caller who has hung up. */
  takeLeft(): Queued[] {
    return this.#take(({ wait }) => wait?.hasLeft === true);
  }

  #takeOpened(): Queued[] {
    return this.#waiters.splice(0, this.#opening?.places ?? 0);
  }

  #take(isTaken: (waiter: Queued) => boolean): Queued[] {
    const taken = new Set(this.#waiters.filter(isTaken));
    const others = this.#waiters.filter((waiter) => !taken.has(waiter));
    this.#waiters.splice(0, Infinity, ...others);
    return [...taken];
  }

  /** Goes off when a back-off ends or the first wait is over, or before: it is never moved later. */
  #setTimer(now: number): void {
    const ends = this.#waiters.map(({ wait }) => wait?.until ?? now);
    const at = Math.min(this.#opensAt, ...ends);
    if (this.#waiters.length === 0 || at >= this.#goesOffAt) return;
    this.#goesOffAt = at;
    setTimeout(() => this.#goOff(), at - now);
  }

  #goOff(): void {
    const now = Date.now();
    this.#goesOffAt = Infinity;
    const ready = this.#take(({ wait }) => (wait?.until ?? now) <= now);
    if (this.#opensAt <= now) {
      this.#opensAt = Infinity;
      ready.push(...this.#takeOpened());
    }
    this.#setTimer(now);
    this.#wake(ready);
  }
}

const arrivalOf = ({ wait }: Queued): number => wait?.arrival ?? 0;

/** An ended group is answered at once: only its owner can reopen it. */
function isWorthWaiting(outcome: Outcome): boolean {
  const reply = claimOf(outcome);
  return reply !== null && reply.leases.length === 0 && reply.reason !== "finished";
}

/** The reply of a claim; `null` for another outcome. */
export const claimOf = (outcome: Outcome): ClaimReply | null =>
  outcome.ok && outcome.reply !== null && "leases" in outcome.reply ? outcome.reply : null;
