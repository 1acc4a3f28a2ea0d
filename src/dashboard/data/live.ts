import { type Signal, useSignal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isAbort } from "./client.ts";
import { Refusal } from "./refusal.ts";

const SLOWEST_MS = 10_000;
const FIRST_RETRY_MS = 1_000;

/** A load that takes its time may show what it has meanwhile. */
type Load<T> = (signal: AbortSignal, show: (loaded: T) => void) => Promise<T>;

export interface Live<T> {
  readonly data: Signal<T | undefined>;
  /** A refusal that asking again does not change. */
  readonly refusal: Signal<Refusal | null>;
  /** Asks now instead of at the next turn. */
  readonly refresh: () => void;
}

/** Milliseconds from an answer to the next request. */
type Pause<T> = (latest: T | undefined) => number;

/**
 * Keeps what `load` answers up to date: after the `pause` it asks again, later after a failure.
 * One request is under way at a time. None begins, and none goes on, while the tab is in the background.
 */
export function useLive<T>(
  load: Load<T>,
  pause: Pause<T>,
  dependencies: readonly unknown[],
): Live<T> {
  const data = useSignal<T | undefined>(undefined);
  const refusal = useSignal<Refusal | null>(null);
  const loop = useRef<Loop<T> | null>(null);
  // Before the page is painted, so that the answer is on its way meanwhile.
  useLayoutEffect(() => {
    const running = new Loop(load, pause, data, refusal);
    loop.current = running;
    return () => running.stop();
  }, dependencies);
  return { data, refusal, refresh: () => loop.current?.turn() };
}

class Loop<T> {
  readonly #load: Load<T>;
  readonly #pause: Pause<T>;
  readonly #data: Signal<T | undefined>;
  readonly #refusal: Signal<Refusal | null>;
  #abort = new AbortController();
  #isStopped = false;
  #timer = 0;
  #failures = 0;
  #busy = false;
  #again = false;

  constructor(
    load: Load<T>,
    pause: Pause<T>,
    data: Signal<T | undefined>,
    refusal: Signal<Refusal | null>,
  ) {
    this.#load = load;
    this.#pause = pause;
    this.#data = data;
    this.#refusal = refusal;
    refusal.value = null;
    document.addEventListener("visibilitychange", this.turn);
    this.turn();
  }

  stop(): void {
    this.#isStopped = true;
    this.#abort.abort();
    clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.turn);
  }

  readonly turn = (): void => {
    clearTimeout(this.#timer);
    this.#again = this.#busy;
    if (document.hidden) this.#abort.abort();
    else if (!this.#busy) void this.#ask();
  };

  async #ask(): Promise<void> {
    this.#busy = true;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const show = (loaded: T) => {
      if (!signal.aborted) this.#succeeded(loaded);
    };
    const outcome = await this.#load(signal, show).then(
      (loaded) => () => this.#succeeded(loaded),
      (error: unknown) => () => this.#failed(error),
    );
    this.#busy = false;
    if (this.#isStopped) return;
    if (!signal.aborted) outcome();
    if (this.#again) this.turn();
    else if (this.#refusal.peek() === null) this.#timer = setTimeout(this.turn, this.#delay());
  }

  #delay(): number {
    if (this.#failures === 0) return this.#pause(this.#data.peek());
    return Math.min(SLOWEST_MS, FIRST_RETRY_MS * 2 ** (this.#failures - 1));
  }

  #succeeded(loaded: T): void {
    this.#data.value = loaded;
    this.#refusal.value = null;
    this.#failures = 0;
  }

  #failed(error: unknown): void {
    if (isAbort(error)) return;
    if (error instanceof Refusal && !error.passes) {
      this.#refusal.value = error;
      return;
    }
    this.#failures++;
  }
}
