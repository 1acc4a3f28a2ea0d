const SOON_MS = 1_000;

/** The two that called last, to tell whether a caller is alone. */
export class Company {
  #latest = { name: "", at: -Infinity };
  #other = { name: "", at: -Infinity };

  /** Notes a call. `true` when another has called within the last second. */
  has(name: string, now: number): boolean {
    if (this.#latest.name !== name) this.#other = this.#latest;
    this.#latest = { name, at: now };
    return this.isBeside(name, now);
  }

  /** `true` when another has called within the last second. */
  isBeside(name: string, now: number): boolean {
    const other = this.#latest.name === name ? this.#other : this.#latest;
    return now < other.at + SOON_MS;
  }
}
