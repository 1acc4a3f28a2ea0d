import { BoundedMap } from "./bounded-map.ts";

/** Work that waits for its turn and has not looked for so long belongs to a request that was torn down. */
const SILENT_MS = 2_000;
const LOOK_MS = 6;
const LONGEST_LOOK_MS = 200;
const FIRST_LOOK_MS = 1;
const BEAT_MS = 500;
/** A timer that comes so late, and not later, comes on time. */
const ON_TIME_MS = 2;

export interface TurnRules {
  /** Works of a lane that run at once. */
  readonly most: number;
  /** Work that runs longer is not counted: its request was torn down, or it waits for something else. */
  readonly countedMs: number;
  /** While others wait, a lane rests after each work for twice as long as it took, but no longer than this. */
  readonly longestRestMs?: number;
  /** `false`: the lane need not rest now, because nobody else wants the thread. */
  readonly mayRest?: (name: string) => boolean;
  /** Works of the lane that wait elsewhere, before they come here. */
  readonly waitingBefore?: (name: string) => number;
  /** Further works run too, as long as timers come on time: then nothing waits for the thread. */
  readonly passesOnTime?: boolean;
  /** Works last long: one whose request was torn down is missed after seconds. */
  readonly beats?: boolean;
  /** Works of a lane that may wait. More are refused. */
  readonly mostWaiting?: number;
}

/** A work that waits or runs. One that runs for long says from time to time that it does. */
export class Place {
  lookedAt = Date.now();
  startedAt: number | undefined;
}

/** Too many works of the lane wait. */
export class Crowded extends Error {}

/** The works that take turns with each other, in the order of their arrival. */
interface Lane {
  readonly queue: Place[];
  readonly running: Set<Place>;
  passedAt: number;
}

/**
 * Turns at the thread of an isolate, and at the database behind it: in a lane for each workspace, so that one that asks for much
 * waits for itself and others come in between. A request that is torn down settles no promise and ends no turn, and a promise
 * that another request settles costs milliseconds. So whoever waits looks from time to time whether it is its turn.
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
    if (!this.#isNext(name, lane, own)) await this.#queueUp(name, own);
    return this.#run(name, work, own);
  }

  /** Ends the turn, or the wait, of a work whose caller has hung up. */
  leave(name: string, own: Place): void {
    const lane = this.#lanes.get(name);
    if (lane === undefined) return;
    withdraw(lane, own);
    if (lane.running.has(own)) this.#end(name, own);
  }

  /** Works of a lane that wait. */
  waiting(name: string): number {
    return this.#lanes.get(name)?.queue.length ?? 0;
  }

  #laneOf(name: string): Lane {
    const lane = this.#lanes.get(name) ?? { queue: [], running: new Set(), passedAt: 0 };
    this.#lanes.set(name, lane);
    return lane;
  }

  async #queueUp(name: string, own: Place): Promise<void> {
    const { mostWaiting = Infinity, passesOnTime = false } = this.#rules;
    if (this.#laneOf(name).queue.length >= mostWaiting) throw new Crowded();
    for (let ms = passesOnTime ? FIRST_LOOK_MS : undefined; ; ms = undefined) {
      const lane = this.#laneOf(name);
      // When the thread was held up, others may have taken this work for lost and passed it over.
      if (!lane.queue.includes(own)) lane.queue.push(own);
      if (this.#isNext(name, lane, own)) return;
      const dueAt = Date.now() + (ms ?? this.#lookAfter(name, lane, own));
      await scheduler.wait(dueAt - Date.now());
      own.lookedAt = Date.now();
      const isOnTime = own.lookedAt <= dueAt + ON_TIME_MS;
      if (passesOnTime && isOnTime && lane.passedAt !== own.lookedAt) {
        // One at a time: what passes may keep the thread busy.
        lane.passedAt = own.lookedAt;
        return;
      }
    }
  }

  /** The further behind, the rarer the looks. */
  #lookAfter(name: string, { queue, running }: Lane, own: Place): number {
    const position = queue.indexOf(own);
    const restMs = (this.#rests.get(name) ?? 0) - Date.now();
    if (position === 0 && running.size < this.#rules.most && restMs > 0) return restMs;
    return Math.min(LOOK_MS * (1 + position), LONGEST_LOOK_MS);
  }

  #isNext(name: string, { queue, running }: Lane, own: Place): boolean {
    const { most, countedMs, beats = false } = this.#rules;
    const now = Date.now();
    for (const other of running) {
      if (now > (other.startedAt ?? now) + countedMs) running.delete(other);
      if (beats && now > other.lookedAt + SILENT_MS) running.delete(other);
    }
    while (queue[0] !== undefined && queue[0] !== own && isSilent(queue[0])) queue.shift();
    const position = queue.includes(own) ? queue.indexOf(own) : queue.length;
    return position < most && running.size < most && now >= (this.#rests.get(name) ?? 0);
  }

  async #run<Result>(name: string, work: () => Promise<Result>, own: Place): Promise<Result> {
    const lane = this.#laneOf(name);
    withdraw(lane, own);
    lane.running.add(own);
    own.startedAt = Date.now();
    own.lookedAt = own.startedAt;
    if (this.#rules.beats) void beat(lane, own);
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
    const { longestRestMs = 0, waitingBefore, mayRest = () => true } = this.#rules;
    const rest = Math.min(2 * (now - (own.startedAt ?? now)), longestRestMs);
    const waiting = lane.queue.length + (waitingBefore?.(name) ?? 0);
    if (waiting > 0 && rest > 0 && mayRest(name)) this.#rests.set(name, now + rest);
    if (lane.running.size + lane.queue.length === 0) this.#lanes.delete(name);
  }
}

export const isSilent = ({ startedAt, lookedAt }: Place): boolean =>
  startedAt === undefined && Date.now() > lookedAt + SILENT_MS;

/** A request that is torn down has no timers any more. */
async function beat({ running }: Lane, own: Place): Promise<void> {
  while (running.has(own)) {
    own.lookedAt = Date.now();
    await scheduler.wait(BEAT_MS);
  }
}

function withdraw({ queue }: Lane, own: Place): void {
  const position = queue.indexOf(own);
  if (position >= 0) queue.splice(position, 1);
}
