/** A read that runs longer belongs to a request that was torn down; so does one that waits and has not looked for so long. */
const GIVEN_UP_MS = 15_000;
const SILENT_MS = 2_000;
const LOOK_MS = 2;
const LONGEST_LOOK_MS = 50;

type Ended<Value> = { readonly value: Value } | { readonly error: unknown };

interface Read<Value> {
  lookedAt: number;
  startedAt?: number;
  ended?: Ended<Value>;
}

/** The reads that take turns with each other, in the order of their arrival. */
interface Lane<Value> {
  readonly queue: Read<Value>[];
  readonly running: Set<Read<Value>>;
}

export interface Turn {
  /** Reads with the same key have the same answer. */
  readonly key: string;
  readonly lane: string;
  /** The reads of the lane that run at once. */
  readonly most: number;
}

/**
 * Reads of an isolate that many callers may ask for at once. Equal reads that wait for their turn are one, which begins after
 * all of them have come: so each sees what was stored before it came. A request may not await the I/O of another one, and
 * one that is torn down settles no promise: so each looks whether it is its turn, or whether its answer is there.
 */
export class SharedReads<Value> {
  readonly #lanes = new Map<string, Lane<Value>>();
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

  /** The lane, in whose queue the read stands. */
  #stand(name: string, own: Read<Value>): Lane<Value> {
    const lane = this.#lanes.get(name) ?? { queue: [], running: new Set() };
    this.#lanes.set(name, lane);
    if (!lane.queue.includes(own)) lane.queue.push(own);
    return lane;
  }

  async #lead({ key, lane: name, most }: Turn, read: () => Promise<Value>): Promise<Value> {
    const own: Read<Value> = { lookedAt: Date.now() };
    this.#waiting.set(key, own);
    let lane = this.#stand(name, own);
    while (!isNext(lane, own, most)) {
      await scheduler.wait(lookAfter(lane.queue.indexOf(own)));
      own.lookedAt = Date.now();
      // When the thread was held up, others may have taken this read for lost and passed it over.
      lane = this.#stand(name, own);
    }
    lane.queue.shift();
    if (this.#waiting.get(key) === own) this.#waiting.delete(key);
    lane.running.add(own);
    own.startedAt = Date.now();
    try {
      const value = await read();
      own.ended = { value };
      return value;
    } catch (error) {
      own.ended = { error };
      throw error;
    } finally {
      lane.running.delete(own);
      const isOver = lane.running.size + lane.queue.length === 0;
      if (isOver && this.#lanes.get(name) === lane) this.#lanes.delete(name);
    }
  }
}

/** The longer the queue in front, the rarer the looks. */
const lookAfter = (position: number): number => Math.min(LOOK_MS * (1 + position), LONGEST_LOOK_MS);

function isNext<Value>({ queue, running }: Lane<Value>, own: Read<Value>, most: number): boolean {
  for (const other of running) if (isLost(other)) running.delete(other);
  while (queue[0] !== undefined && queue[0] !== own && isLost(queue[0])) queue.shift();
  return queue[0] === own && running.size < most;
}

function isLost({ ended, lookedAt, startedAt }: Read<unknown>): boolean {
  const now = Date.now();
  if (ended !== undefined) return false;
  return startedAt === undefined ? now > lookedAt + SILENT_MS : now > startedAt + GIVEN_UP_MS;
}

/** The end of another's read; `undefined` when its request was torn down. */
async function endOf<Value>(other: Read<Value>): Promise<Ended<Value> | undefined> {
  while (other.ended === undefined) {
    if (isLost(other)) return undefined;
    await scheduler.wait(LOOK_MS);
  }
  return other.ended;
}
