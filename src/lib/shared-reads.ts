import { isSilent, Place, type Turns } from "./turns.ts";

/** A read that runs longer belongs to a request that was torn down. */
export const GIVEN_UP_MS = 15_000;
const [LOOK_MS, LONGEST_LOOK_MS] = [4, 50];

type Ended<Value> = { readonly value: Value } | { readonly error: unknown };

interface Read<Value> {
  readonly place: Place;
  ended?: Ended<Value>;
}

export interface Turn {
  /** Reads with the same key have the same answer. */
  readonly key: string;
  readonly lane: string;
  readonly turns: Turns;
  /** A read that has not begun when its caller hangs up is left to the others who share it. */
  readonly signal: AbortSignal;
}

/**
 * Reads of an isolate that many callers may ask for at once. Equal reads that wait for their turn are one, which begins after
 * all of them have come: so each sees what was stored before it came. The request of a read may be torn down, and then
 * calls nobody: so each who shares it looks from time to time.
 */
export class SharedReads<Value> {
  readonly #waiting = new Map<string, Read<Value>>();

  async read(turn: Turn, read: () => Promise<Value>): Promise<Value> {
    for (;;) {
      const other = this.#waiting.get(turn.key);
      if (other === undefined || isLost(other)) return this.#lead(turn, read);
      const ended = await endOf(other);
      if (ended === undefined) continue;
      if ("error" in ended) throw ended.error;
      return ended.value;
    }
  }

  #forget(key: string, own: Read<Value>): void {
    if (this.#waiting.get(key) === own) this.#waiting.delete(key);
  }

  async #lead({ key, lane, turns, signal }: Turn, read: () => Promise<Value>): Promise<Value> {
    const own: Read<Value> = { place: new Place() };
    this.#waiting.set(key, own);
    const begin = () => {
      this.#forget(key, own);
      return read();
    };
    const leave = () => {
      if (own.place.startedAt === undefined) turns.leave(lane, own.place);
    };
    signal.addEventListener("abort", leave);
    try {
      const value = await turns.take(lane, begin, own.place);
      own.ended = { value };
      return value;
    } catch (error) {
      if (!own.place.isGone) own.ended = { error };
      throw error;
    } finally {
      signal.removeEventListener("abort", leave);
      this.#forget(key, own);
    }
  }
}

const isLost = ({ place, ended }: Read<unknown>): boolean =>
  ended === undefined &&
  (place.isGone || isSilent(place) || Date.now() > (place.startedAt ?? Infinity) + GIVEN_UP_MS);

/** The end of another's read; `undefined` when its request was torn down. */
async function endOf<Value>(other: Read<Value>): Promise<Ended<Value> | undefined> {
  for (let ms = LOOK_MS; other.ended === undefined; ms = Math.min(2 * ms, LONGEST_LOOK_MS)) {
    if (isLost(other)) return undefined;
    await scheduler.wait(ms);
  }
  return other.ended;
}
