/** An export that has asked for nothing so long is not counted: its client reads no more, and nobody may have said so. */
const FORGOTTEN_MS = 60_000;
/** A turn that takes longer belongs to a request that was torn down. */
const GIVEN_UP_MS = 15_000;
const LONGEST_REST_MS = 25;
const LOOK_MS = 2;

/** An export under way. */
export interface RunningExport {
  readonly workspace: string;
  askedAt: number;
}

/**
 * The exports of an isolate take turns, so that many of them hold one page between them and leave the thread to other requests
 * for as long as they had it. A request that is torn down settles no promise any more. So each looks whether it is its turn,
 * and none waits for another.
 */
export class ExportTurns {
  readonly #mostOfWorkspace: number;
  readonly #running = new Set<RunningExport>();
  #holder: RunningExport | undefined;
  #heldSince = 0;
  #freeFrom = 0;

  constructor(mostOfWorkspace: number) {
    this.#mostOfWorkspace = mostOfWorkspace;
  }

  /** Begins an export. `undefined` when the workspace has as many as it may. */
  enter(workspace: string): RunningExport | undefined {
    const now = Date.now();
    let others = 0;
    for (const running of this.#running) {
      if (running.askedAt < now - FORGOTTEN_MS) this.#running.delete(running);
      else if (running.workspace === workspace) others++;
    }
    if (others >= this.#mostOfWorkspace) return undefined;
    const entered = { workspace, askedAt: now };
    this.#running.add(entered);
    return entered;
  }

  leave(running: RunningExport): void {
    this.#running.delete(running);
    if (this.#holder === running) this.#end(Date.now());
  }

  /** Does a piece of an export's work when it is its turn. */
  async take<Result>(running: RunningExport, work: () => Promise<Result>): Promise<Result> {
    for (;;) {
      running.askedAt = Date.now();
      this.#running.add(running);
      if (this.#isFree(running.askedAt)) break;
      await scheduler.wait(LOOK_MS);
    }
    this.#holder = running;
    this.#heldSince = running.askedAt;
    try {
      return await work();
    } finally {
      if (this.#holder === running) this.#end(Date.now());
    }
  }

  #isFree(now: number): boolean {
    const isHeld = this.#holder !== undefined && now < this.#heldSince + GIVEN_UP_MS;
    return !isHeld && now >= this.#freeFrom;
  }

  #end(now: number): void {
    this.#holder = undefined;
    this.#freeFrom = now + Math.min(now - this.#heldSince, LONGEST_REST_MS);
  }
}
