interface Event {
  readonly at: number;
  readonly order: number;
  readonly happen: () => void;
}

const isBefore = (a: Event, b: Event): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);

/** Simulated time, in milliseconds. Events of the same time happen in the order in which they were planned. */
export class Clock {
  now = 0;
  #planned = 0;
  /** A binary heap: no event is before the one at half its place. */
  readonly #heap: Event[] = [];

  /** Plans an event for `ms` from now. */
  after(ms: number, happen: () => void): void {
    const event = { at: this.now + ms, order: this.#planned++, happen };
    let place = this.#heap.push(event) - 1;
    for (;;) {
      const parent = (place - 1) >> 1;
      const above = this.#heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      this.#heap[place] = above;
      place = parent;
    }
    this.#heap[place] = event;
  }

  /** Lets everything happen that is planned until then. */
  runUntil(end: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.at <= end; next = this.#heap[0]) {
      this.#removeFirst();
      this.now = next.at;
      next.happen();
    }
    this.now = end;
  }

  #removeFirst(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    let place = 0;
    for (;;) {
      const [left, right] = [this.#heap[2 * place + 1], this.#heap[2 * place + 2]];
      const isRight = left !== undefined && right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (below === undefined || !isBefore(below, last)) break;
      this.#heap[place] = below;
      place = 2 * place + (isRight ? 2 : 1);
    }
    this.#heap[place] = last;
  }
}
