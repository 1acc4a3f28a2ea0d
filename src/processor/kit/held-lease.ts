import type { Lease } from "./types.ts";

/** Abort reason: the lease is not ours any more, so no result of it counts. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** Abort reason: the processor stops. The job goes back to the others. */
export class Stopped extends Error {
  override readonly name = "Stopped";
}

/** Abort reason: the reader took longer than it may. */
export class ReadTimeout extends Error {
  override readonly name = "ReadTimeout";
}

/**
 * A lease that the processor works under. It counts the time until the lease ends by its own clock, from the length
 * that the server tells, so a wrong clock does no harm and a server that cannot be reached is no excuse.
 */
export class HeldLease {
  readonly lease: Lease;
  readonly #reading = new AbortController();
  readonly #losing = new AbortController();
  readonly #ending = new AbortController();
  readonly #heldSince = performance.now();
  readonly #deadline: NodeJS.Timeout;
  #expiry: NodeJS.Timeout;
  #isReporting = false;

  constructor(lease: Lease, readTimeoutSeconds: number) {
    this.lease = lease;
    this.#deadline = setTimeout(
      () => this.#reading.abort(new ReadTimeout(`not read within ${readTimeoutSeconds} s`)),
      readTimeoutSeconds * 1000,
    );
    this.#expiry = this.#expireAfter(lease.leaseSeconds * 1000);
  }

  /** Aborts when the result of the reading is of no use any more. Its reason is one of the classes above. */
  get reading(): AbortSignal {
    return this.#reading.signal;
  }

  /** Aborts when nothing can be reported under the lease any more. */
  get lost(): AbortSignal {
    return this.#losing.signal;
  }

  /** Aborts when the work under the lease is over, for whatever reason. */
  get ended(): AbortSignal {
    return this.#ending.signal;
  }

  /** From now on only the answer to the report says whether the lease is ours: a beat may come after the report. */
  report(): void {
    this.#isReporting = true;
  }

  /** A heartbeat was answered that the lease is over. */
  denied(reason: string): void {
    if (!this.#isReporting) this.lose(reason);
  }

  /** A heartbeat was answered with the lease's new end. */
  beaten(leaseExpiresAt: string): void {
    if (this.lost.aborted || this.ended.aborted) return;
    const later = Date.parse(leaseExpiresAt) - Date.parse(this.lease.leaseExpiresAt);
    const end = this.#heldSince + this.lease.leaseSeconds * 1000 + later;
    clearTimeout(this.#expiry);
    this.#expiry = this.#expireAfter(end - performance.now());
  }

  lose(reason: string): void {
    const lost = new LeaseLost(reason);
    this.#losing.abort(lost);
    this.#reading.abort(lost);
  }

  stop(): void {
    this.#reading.abort(new Stopped("the processor stops"));
  }

  /** No timer outlives the work. */
  end(): void {
    this.#ending.abort();
    clearTimeout(this.#deadline);
    clearTimeout(this.#expiry);
  }

  #expireAfter(ms: number): NodeJS.Timeout {
    return setTimeout(() => this.lose("its time is over"), ms);
  }
}
