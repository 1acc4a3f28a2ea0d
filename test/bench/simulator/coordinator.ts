import type { Database } from "./database.ts";

const MAX_COMMANDS = 64;

/** Milliseconds of the database's thread for a commit. */
export interface CommitCost {
  readonly baseMs: number;
  readonly perCommandMs: number;
}

interface Options {
  /** Of one commit. */
  readonly mostCommands?: number;
  readonly onCommit?: (commands: number) => void;
}

/** The object of one group: commands that arrive during a commit form the next one. */
export class Coordinator {
  readonly #database: Database;
  readonly #cost: CommitCost;
  readonly #mostCommands: number;
  readonly #onCommit: ((commands: number) => void) | undefined;
  #waiting: (() => void)[] = [];
  #isCommitting = false;

  constructor(
    database: Database,
    cost: CommitCost,
    { mostCommands = MAX_COMMANDS, onCommit }: Options = {},
  ) {
    this.#database = database;
    this.#cost = cost;
    this.#mostCommands = mostCommands;
    this.#onCommit = onCommit;
  }

  execute(answered: () => void): void {
    this.#waiting.push(answered);
    if (!this.#isCommitting) this.#commit();
  }

  #commit(): void {
    const batch = this.#waiting.slice(0, this.#mostCommands);
    this.#waiting = this.#waiting.slice(this.#mostCommands);
    this.#isCommitting = true;
    this.#onCommit?.(batch.length);
    const { baseMs, perCommandMs } = this.#cost;
    this.#database.send(baseMs + batch.length * perCommandMs, () => {
      this.#isCommitting = false;
      if (this.#waiting.length > 0) this.#commit();
      for (const answered of batch) answered();
    });
  }
}
