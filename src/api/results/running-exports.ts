/** An export that has asked for nothing so long is not counted: its client reads no more, and nobody may have said so. */
const FORGOTTEN_MS = 60_000;

/** An export under way. */
export interface RunningExport {
  readonly workspace: string;
  askedAt: number;
}

/** The exports of an isolate that are under way: a workspace has so many at most. */
export class RunningExports {
  readonly #mostOfWorkspace: number;
  readonly #running = new Set<RunningExport>();

  constructor(mostOfWorkspace: number) {
    this.#mostOfWorkspace = mostOfWorkspace;
  }

  /** `true` when the workspace has as many as it may. */
  isFull(workspace: string): boolean {
    const now = Date.now();
    let others = 0;
    for (const running of this.#running) {
      if (running.askedAt < now - FORGOTTEN_MS) this.#running.delete(running);
      else if (running.workspace === workspace) others++;
    }
    return others >= this.#mostOfWorkspace;
  }

  /** Begins an export. `undefined` when the workspace has as many as it may. */
  enter(workspace: string): RunningExport | undefined {
    if (this.isFull(workspace)) return undefined;
    const entered = { workspace, askedAt: Date.now() };
    this.#running.add(entered);
    return entered;
  }

  /** An export that goes on is counted again, however long it has asked for nothing. */
  goOn(running: RunningExport): void {
    running.askedAt = Date.now();
    this.#running.add(running);
  }

  leave(running: RunningExport): void {
    this.#running.delete(running);
  }
}
