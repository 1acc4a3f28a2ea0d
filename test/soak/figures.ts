const SHOWN = 5;

/** The figures of a soak, as its clients count them. */
export class Figures {
  unanswered = 0;
  refusedBodies = 0;
  droppedConnections = 0;
  idleGaps = 0;
  readonly #succeeded = new Set<string>();
  readonly #byStatus = new Map<number, number>();
  readonly mustBeZero: Record<string, number> = {
    "server ended": 0,
    "undocumented answers": 0,
    "operations that never succeeded": 0,
    "groups unlike their rows": 0,
  };

  answered(operationId: string, status: number): void {
    this.#byStatus.set(status, (this.#byStatus.get(status) ?? 0) + 1);
    if (status < 300) this.#succeeded.add(operationId);
  }

  violate(what: string, ...evidence: unknown[]): void {
    this.mustBeZero[what] = (this.mustBeZero[what] ?? 0) + 1;
    if (this.mustBeZero[what] <= SHOWN) console.error(`VIOLATION ${what}:`, ...evidence);
  }

  hasSucceeded = (operationId: string): boolean => this.#succeeded.has(operationId);

  checkSuccess(operationIds: readonly string[]): void {
    for (const id of operationIds) {
      if (!this.hasSucceeded(id)) this.violate("operations that never succeeded", id);
    }
  }

  rows(): Record<string, number> {
    const statuses = [...this.#byStatus].toSorted(([a], [b]) => a - b);
    return {
      ...Object.fromEntries(statuses.map(([status, count]) => [`answers ${status}`, count])),
      "operations that succeeded": this.#succeeded.size,
      "requests without an answer": this.unanswered,
      "bodies refused": this.refusedBodies,
      "connections dropped": this.droppedConnections,
      "idle gaps of five seconds": this.idleGaps,
    };
  }
}
