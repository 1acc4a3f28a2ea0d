import type { Clock } from "./clock.ts";

/** One D1 database: one thread, which takes batches in the order in which they arrive. */
export class Database {
  readonly #clock: Clock;
  readonly #distanceMs: number;
  readonly #onServed: ((from: number, until: number) => void) | undefined;
  #freeAt = 0;
  #takenMs = 0;

  /** @param distanceMs a round trip to it, half of which a batch travels before it is taken */
  constructor(clock: Clock, distanceMs: number, onServed?: (from: number, until: number) => void) {
    this.#clock = clock;
    this.#distanceMs = distanceMs;
    this.#onServed = onServed;
  }

  /** For so long it has been busy until now. */
  get busyMs(): number {
    return this.#takenMs - Math.max(0, this.#freeAt - this.#clock.now);
  }

  /** Sends a batch that keeps the thread busy for `serviceMs`. */
  send(serviceMs: number, answered: () => void): void {
    this.#clock.after(this.#distanceMs / 2, () => {
      const from = Math.max(this.#clock.now, this.#freeAt);
      this.#freeAt = from + serviceMs;
      this.#takenMs += serviceMs;
      this.#onServed?.(from, this.#freeAt);
      this.#clock.after(this.#freeAt - this.#clock.now + this.#distanceMs / 2, answered);
    });
  }
}
