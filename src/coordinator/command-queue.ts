import { charactersIn } from "../lib/characters-in.ts";
import { nextBatch } from "./next-batch.ts";
import { type CommandRequest, type Outcome, unavailable } from "./protocol.ts";

const MAX_WAITING = 1_000;
/** Limits waiting commands and those being committed: an object past 128 MB is killed with its queue. */
const MAX_HELD_CHARACTERS = 16_000_000;

/** The fate of a batch. */
export type BatchResult =
  /** One outcome for each request, in their order; an `Error` is a bug in that request's rules. */
  | { readonly kind: "answered"; readonly outcomes: readonly (Outcome | Error)[] }
  /** The database holds the change to be invalid, and would again. */
  | { readonly kind: "refused" }
  | { readonly kind: "unavailable" };

interface Waiting {
  readonly request: CommandRequest;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The commands of one group, committed in the order in which they came. One batch is committed at a time;
 * commands that arrive meanwhile gather and form the next batch. Beats go ahead of commands, so that a lease does not
 * end while its beat waits behind a large add. Commands that beats have gone ahead of are in the next batch, so
 * that beats, however many, do not keep them waiting.
 */
export class CommandQueue {
  readonly #commit: (requests: readonly CommandRequest[]) => Promise<BatchResult>;
  readonly #background: (work: Promise<void>) => void;
  readonly #waiting: Waiting[] = [];
  #beats: Waiting[] = [];
  #beatsWentAhead = false;
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

  /** Resolves once the command is committed, refused or turned away. Rejects only for a bug. */
  async execute(request: CommandRequest): Promise<Outcome> {
    const characters = charactersIn(request.command);
    const isBeat = request.command.kind === "beat";
    const waiting = isBeat ? this.#beats : this.#waiting;
    const isTooMuch = !isBeat && this.#heldCharacters + characters > MAX_HELD_CHARACTERS;
    if (waiting.length >= MAX_WAITING || isTooMuch) return unavailable;
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
    waiting.push({ request, resolve, reject });
    this.#heldCharacters += characters;
    if (!this.#isDraining) this.#background(this.#drain());
    try {
      return await promise;
    } finally {
      this.#heldCharacters -= characters;
    }
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length + this.#beats.length > 0) await this.#answer(this.#take());
    this.#isDraining = false;
  }

  #take(): Waiting[] {
    const beatsGoAhead =
      this.#beats.length > 0 && (this.#waiting.length === 0 || !this.#beatsWentAhead);
    this.#beatsWentAhead = beatsGoAhead && this.#waiting.length > 0;
    if (beatsGoAhead) return this.#takeBeats(this.#beats[0]);
    const size = nextBatch(this.#waiting.map(({ request }) => request));
    return [...this.#takeBeats(this.#waiting[0]), ...this.#waiting.splice(0, size)];
  }

  /** A batch is of one workspace. */
  #takeBeats(first: Waiting | undefined): Waiting[] {
    const isOfBatch = (beat: Waiting) => beat.request.workspace === first?.request.workspace;
    const taken = this.#beats.filter(isOfBatch);
    this.#beats = this.#beats.filter((beat) => !isOfBatch(beat));
    return taken;
  }

  async #answer(batch: readonly Waiting[]): Promise<void> {
    const result = await this.#fateOf(batch);
    if (result.kind === "refused" && batch.length > 1) {
      // The database does not say which request it refuses: each is committed alone, so only that one fails.
      for (const each of batch) await this.#answer([each]);
      return;
    }
    for (const [index, { resolve, reject }] of batch.entries()) {
      const outcome = outcomeAt(index, result);
      if (outcome instanceof Error) reject(outcome);
      else resolve(outcome);
    }
  }

  async #fateOf(batch: readonly Waiting[]): Promise<BatchResult> {
    try {
      return await this.#commit(batch.map(({ request }) => request));
    } catch (error) {
      const bug = error instanceof Error ? error : new Error(String(error));
      return { kind: "answered", outcomes: batch.map(() => bug) };
    }
  }
}

function outcomeAt(index: number, result: BatchResult): Outcome | Error {
  switch (result.kind) {
    case "answered":
      return result.outcomes[index] ?? new Error("a request was left without an outcome");
    case "refused":
      return new Error("the database refused the change");
    case "unavailable":
      return unavailable;
  }
}
