import { charactersIn } from "../lib/characters-in.ts";
import { type BatchResult, outcomeAt } from "./batch-result.ts";
import { ClaimWaiters, claimOf } from "./claim-waiters.ts";
import { isOfOneBatch, nextBatch } from "./next-batch.ts";
import { type CommandRequest, type Outcome, unavailable } from "./protocol.ts";
import type { Queued, Wait } from "./queued.ts";

const MAX_WAITING = 1_000;
/** Limits waiting commands and those being committed: an object past 128 MB is killed with its queue. */
const MAX_HELD_CHARACTERS = 16_000_000;

/**
 * The commands of one group, committed in the order in which they came. One batch is committed at a time;
 * commands that arrive meanwhile gather and form the next batch. Beats go ahead of commands, so that a lease does not
 * end while its beat waits behind a large add. Commands that beats have gone ahead of are in the next batch, so
 * that beats, however many, do not keep them waiting.
 */
export class CommandQueue {
  readonly #commit: (requests: readonly CommandRequest[]) => Promise<BatchResult>;
  readonly #background: (work: Promise<void>) => void;
  readonly #waiting: Queued[] = [];
  #beats: Queued[] = [];
  #beatsWentAhead = false;
  readonly #waiters = new ClaimWaiters((ready) => this.#putFirst(ready));
  #heldCharacters = 0;
  #isDraining = false;

  /** @param background keeps the object alive for a promise, so that a caller who hangs up cannot stop a batch */
  constructor(
    commit: (requests: readonly CommandRequest[]) => Promise<BatchResult>,
    background: (work: Promise<void>) => void,
  ) {
    this.#commit = commit;
    this.#background = background;
  }

  /**
   * Resolves once the command is committed, refused or turned away. Rejects only for a bug. A claim with a `wait`
   * that finds nothing resolves when it is granted leases or its wait is over.
   */
  async execute(request: CommandRequest, wait?: Wait): Promise<Outcome> {
    const characters = charactersIn(request.command);
    const isBeat = request.command.kind === "beat";
    const waiting = isBeat ? this.#beats : this.#waiting;
    const isTooMuch = !isBeat && this.#heldCharacters + characters > MAX_HELD_CHARACTERS;
    if (waiting.length >= MAX_WAITING || isTooMuch) return unavailable;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    waiting.push({ request, resolve, reject, ...(wait && { wait }) });
    this.#heldCharacters += characters;
    if (!this.#isDraining) this.#background(this.#drain());
    try {
      return await promise;
    } finally {
      this.#heldCharacters -= characters;
    }
  }

  /** Answers the waiting claims of callers who have hung up. */
  dropLeft(): void {
    for (const { resolve } of this.#waiters.takeLeft()) resolve(unavailable);
  }

  #putFirst(ready: Queued[]): void {
    this.#waiting.unshift(...ready);
    if (ready.length > 0 && !this.#isDraining) this.#background(this.#drain());
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length + this.#beats.length > 0) await this.#answer(this.#take());
    this.#isDraining = false;
  }

  #take(): Queued[] {
    const beatsGoAhead =
      this.#beats.length > 0 && (this.#waiting.length === 0 || !this.#beatsWentAhead);
    this.#beatsWentAhead = beatsGoAhead && this.#waiting.length > 0;
    if (beatsGoAhead) return this.#takeBeats(this.#beats[0]);
    const size = nextBatch(this.#waiting.map(({ request }) => request));
    return [...this.#takeBeats(this.#waiting[0]), ...this.#waiting.splice(0, size)];
  }

  #takeBeats(first: Queued | undefined): Queued[] {
    const isOfBatch = ({ request }: Queued) =>
      first !== undefined && isOfOneBatch(first.request, request);
    const taken = this.#beats.filter(isOfBatch);
    this.#beats = this.#beats.filter((beat) => !isOfBatch(beat));
    return taken;
  }

  async #answer(batch: readonly Queued[]): Promise<void> {
    const result = await this.#fateOf(batch);
    if (result.kind === "refused" && batch.length > 1) {
      // The database does not say which request it refuses: each is committed alone, so only that one fails.
      for (const each of batch) await this.#answer([each]);
      return;
    }
    const unfinished: Queued[] = [];
    for (const [index, queued] of batch.entries()) {
      const outcome = outcomeAt(index, result);
      const next = nextStep(queued, outcome);
      if (next === null) this.#settle(queued, outcome);
      else unfinished.push(next);
    }
    if (result.kind === "answered" && result.after !== undefined)
      this.#putFirst(this.#waiters.afterBatch(result.after));
    // Last, so that no command of the group comes between two steps.
    this.#waiting.unshift(...unfinished);
  }

  #settle(queued: Queued, outcome: Outcome | Error): void {
    if (outcome instanceof Error) return queued.reject(outcome);
    if (this.#waiters.keep(queued, outcome, Date.now())) return;
    queued.resolve(outcome);
    const claimed = claimOf(outcome);
    if (claimed?.leases.length) this.#putFirst(this.#waiters.takeTwins(queued));
    // A repeat that does not wait ends the wait of the first: a server may not see that its caller has hung up.
    else if (claimed && queued.wait === undefined)
      for (const twin of this.#waiters.takeTwins(queued)) twin.resolve(outcome);
  }

  async #fateOf(batch: readonly Queued[]): Promise<BatchResult> {
    try {
      return await this.#commit(batch.map(({ request }) => request));
    } catch (error) {
      const bug = error instanceof Error ? error : new Error(String(error));
      return { kind: "answered", outcomes: batch.map(() => bug) };
    }
  }
}

function nextStep(queued: Queued, outcome: Outcome | Error): Queued | null {
  const rest = outcome instanceof Error || !outcome.ok ? undefined : outcome.rest;
  return rest === undefined ? null : { ...queued, request: { ...queued.request, command: rest } };
}
