const WINDOW_MS = 1_000;

/** The callers of this window and the one before, with the calls that each wanted to have in hand at once. */
export class Company {
  #since = -Infinity;
  #latest = new Map<string, number>();
  #before = new Map<string, number>();

  note(name: string, wanted: number, now: number): void {
    this.#turnOver(now);
    this.#latest.set(name, Math.max(wanted, this.#latest.get(name) ?? 0));
  }

  /** The calls at once that the most modest of the others wanted, or a number up to `enough`; `Infinity` when there is no other. */
  modestBeside(name: string, enough: number, now: number): number {
    this.#turnOver(now);
    let least = Infinity;
    for (const window of [this.#latest, this.#before]) {
      for (const other of window.keys()) {
        if (other === name) continue;
        least = Math.min(least, this.#wantedBy(other));
        if (least <= enough) return least;
      }
    }
    return least;
  }

  #wantedBy(name: string): number {
    return Math.max(this.#latest.get(name) ?? 0, this.#before.get(name) ?? 0);
  }

  #turnOver(now: number): void {
    if (now < this.#since + WINDOW_MS) return;
    this.#before = now < this.#since + 2 * WINDOW_MS ? this.#latest : new Map();
    this.#latest = new Map();
    this.#since = now;
  }
}
