import { BoundedMap } from "./bounded-map.ts";

/** Work that waits and has not looked for so long is passed over: its request was torn down. */
const SILENT_MS = 2_000;
const LOOK_MS = 1;
const LONGEST_WAIT_MS = 200;
/** A timer that comes so late, and not later, comes on time. */
const ON_TIME_MS = 2;

export interface TurnRules {
  /** Works of a lane that run at once. */
  readonly most: (name: string) => number;
  /** Work that runs longer is not counted: its request was torn down, or it waits for something else. */
  readonly countedMs: number;
  /** Milliseconds for which a lane rests after a work that took so long, while so many of its works wait. */
  readonly restAfter?: (name: string, tookMs: number, waiting: number) => number;
  /** Further works run too, as long as timers come on time: then nothing waits for the thread. */
  readonly passesOnTime?: boolean;
  /** Works of a lane that may wait. More are refused. */
  readonly mostWaiting?: number;
}

/** A work that waits or runs. */
export class Place {
  lookedAt = Date.now();
  startedAt: number | undefined;
  /** Its caller has hung up. */
  isGone = false;
  /** Makes it look at once. */
  call: () => void = () => undefined;
}

/** Too many works of the lane wait. */
export class Crowded extends Error {}

/** The works that take turns with each other, in the order of their arrival. */
interface Lane {
  readonly queue: Place[];
  readonly running: Set<Place>;
}

/**
 * Turns at the thread of an isolate, and at the database behind it: in a lane for each workspace, so that one that asks for much
 * waits for itself and others come in between. Whoever begins or ends calls the next ones in the queue. A request that is torn
 * down calls nobody, so all who wait look from time to time. Work begins after a timer only: workerd reads what callers send when
 * it has nothing else to do, and timers end then, but calls between requests would keep it busy.
 */
export class Turns {
  readonly #rules: TurnRules;
  readonly #lanes = new Map<string, Lane>();
  /** Until when a lane rests. To forget it does no harm. */
  readonly #rests = new BoundedMap<number>();

  constructor(rules: TurnRules) {
    this.#rules = rules;
  }

  /** Does the work when it is its turn: at once, if nothing is in front of it. */
  async take<Result>(
    name: string,
    work: () => Promise<Result>,
    own: Place = new Place(),
  ): Promise<Result> {
    const lane = this.#laneOf(name);
    if (this.#room(name, lane) <= lane.queue.length) await this.#queueUp(name, own);
    return this.#run(name, work, own);
  }

  /** Ends the turn of a work whose caller has hung up. If it waits, it is never done. */
  leave(name: string, own: Place): void {
    own.isGone = true;
    const lane = this.#laneOf(name);
    withdraw(lane, own);
    own.call();
    if (lane.running.has(own)) this.#end(name, own);
    else this.#callNext(name, lane);
  }

  /** The number of works of a lane that wait. */
  waiting = (name: string): number => this.#lanes.get(name)?.queue.length ?? 0;
  /** The number of those that wait or run. */
  wanted = (name: string): number =>
    this.waiting(name) + (this.#lanes.get(name)?.running.size ?? 0);

  #laneOf(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { queue: [], running: new Set() };
    this.#lanes.set(name, lane);
    return lane;
  }

  /** The number of works that may begin. */
  #room(name: string, { running }: Lane): number {
    const now = Date.now();
    for (const other of running) {
      if (now > (other.startedAt ?? now) + this.#rules.countedMs) running.delete(other);
    }
    return this.#restMs(name) > 0 ? 0 : this.#rules.most(name) - running.size;
  }

  #restMs(name: string): number {
    return Math.max(0, (this.#rests.get(name) ?? 0) - Date.now());
  }

  async #queueUp(name: string, own: Place): Promise<void> {
    const { mostWaiting = Infinity, passesOnTime = false } = this.#rules;
    if (this.waiting(name) >= mostWaiting) throw new Crowded();
    for (let isOnTime = false; ;) {
      if (own.isGone) throw new DOMException("The caller has hung up.", "AbortError");
      const lane = this.#laneOf(name);
      // When the thread was held up, others may have taken this work for lost and passed it over.
      if (!lane.queue.includes(own)) lane.queue.push(own);
      while (lane.queue[0] !== own && isSilent(lane.queue[0])) lane.queue.shift();
      const mayPass = passesOnTime && lane.queue[0] === own;
      if ((mayPass && isOnTime) || lane.queue.indexOf(own) < this.#room(name, lane)) return;
      isOnTime = await look(own, mayPass ? 0 : this.#restMs(name) || LONGEST_WAIT_MS);
    }
  }

  async #run<Result>(name: string, work: () => Promise<Result>, own: Place): Promise<Result> {
    const lane = this.#laneOf(name);
    withdraw(lane, own);
    lane.running.add(own);
    own.startedAt = Date.now();
    this.#callNext(name, lane);
    try {
      return await work();
    } finally {
      if (lane.running.has(own)) this.#end(name, own);
    }
  }

  #end(name: string, own: Place): void {
    const lane = this.#laneOf(name);
    const now = Date.now();
    lane.running.delete(own);
    const tookMs = now - (own.startedAt ?? now);
    const restMs = this.#rules.restAfter?.(name, tookMs, lane.queue.length) ?? 0;
    if (restMs > 0) this.#rests.set(name, now + restMs);
    this.#callNext(name, lane);
  }

  /** Calls all who may begin, and the first one, which may look for itself now. */
  #callNext(name: string, lane: Lane): void {
    const { queue, running } = lane;
    if (running.size + queue.length === 0) this.#lanes.delete(name);
    for (const next of queue.slice(0, Math.max(1, this.#room(name, lane)))) next.call();
  }
}

export const isSilent = (place: Place | undefined): boolean =>
  place !== undefined && place.startedAt === undefined && Date.now() > place.lookedAt + SILENT_MS;

/** Waits until it is called, but no longer than that, and then for a timer. `true` when that came on time. */
async function look(own: Place, ms: number): Promise<boolean> {
  const isCalled = new Promise<void>((resolve) => (own.call = resolve));
  // A request that waited for a promise of another one alone would be taken for hung.
  if (ms > 0) await Promise.race([isCalled, scheduler.wait(ms)]);
  const dueAt = Date.now() + LOOK_MS;
  await scheduler.wait(LOOK_MS);
  own.lookedAt = Date.now();
  return own.lookedAt <= dueAt + ON_TIME_MS;
}

function withdraw({ queue }: Lane, own: Place): void {
  const position = queue.indexOf(own);
  if (position >= 0) queue.splice(position, 1);
}
