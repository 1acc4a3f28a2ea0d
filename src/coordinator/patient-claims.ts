import { releaseOf } from "../domain/claim.ts";
import { claimOf } from "./claim-waiters.ts";
import type { CommandQueue } from "./command-queue.ts";
import type { CommandRequest, Outcome, Patience } from "./protocol.ts";
import type { Wait } from "./queued.ts";

/** The claims on one group whose callers wait, by ticket. A caller who hangs up leaves no lease behind. */
export class PatientClaims {
  readonly #queue: CommandQueue;
  readonly #waits = new Map<string, Wait>();
  #arrivals = 0;

  constructor(queue: CommandQueue) {
    this.#queue = queue;
  }

  /** Resolves when the claim is granted leases, or is empty and its wait is over. */
  async execute(request: CommandRequest, { ticket, waitMs }: Patience): Promise<Outcome> {
    const wait = { until: Date.now() + waitMs, arrival: this.#arrivals++, hasLeft: false };
    this.#waits.set(ticket, wait);
    try {
      const outcome = await this.#queue.execute(request, wait);
      if (wait.hasLeft) await this.#giveBack(request, outcome);
      return outcome;
    } finally {
      this.#waits.delete(ticket);
    }
  }

  leave(ticket: string): void {
    const wait = this.#waits.get(ticket);
    if (wait === undefined) return;
    wait.hasLeft = true;
    this.#queue.dropLeft();
  }

  /** The caller hung up during the commit of its claim. Under an Idempotency-Key the leases wait for a repeat. */
  async #giveBack(request: CommandRequest, outcome: Outcome): Promise<void> {
    const { idempotency, ...claim } = request;
    if (idempotency !== undefined) return;
    const { leases = [] } = claimOf(outcome) ?? {};
    const releases = leases.map((lease) => ({ ...claim, command: releaseOf(lease) }));
    await Promise.all(releases.map((release) => this.#queue.execute(release)));
  }
}
