import { signal } from "@preact/signals";
import type { JobSummary } from "../data/types.ts";
import type { JobView } from "./job-view.ts";
import { readJobs } from "./read-jobs.ts";

const PAGE = 50;
/** So no more than 600 jobs are kept of a group of 100,000. */
const MOST_PAGES = 12;
const AGAIN_AFTER_MS = 2_000;

interface Page {
  readonly jobs: readonly JobSummary[];
  /** The group's last change when the page was read. */
  readonly of: string;
  readonly readAt: number;
}

interface Wanted {
  readonly first: number;
  readonly last: number;
  readonly changed: string;
}

/** The jobs near those in view, read by pages. The pages read longest ago are forgotten. */
export class JobPages {
  readonly #pages = signal<ReadonlyMap<number, Page>>(new Map());
  readonly #id: string;
  readonly #view: JobView;
  readonly #abort = new AbortController();
  #wanted: Wanted | undefined;
  #reading = false;
  #timer = 0;

  readonly #total = signal<number | undefined>(undefined);

  constructor(id: string, view: JobView) {
    this.#id = id;
    this.#view = view;
    document.addEventListener("visibilitychange", this.#turn);
  }

  /** The number of jobs in the list, as it was last read. */
  get total(): number | undefined {
    return this.#total.value;
  }

  at(index: number): JobSummary | undefined {
    return this.#pages.value.get(Math.floor(index / PAGE))?.jobs[index % PAGE];
  }

  /** Reads what is missing between two places, and what is older than the group's last change. */
  show(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#turn();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    document.removeEventListener("visibilitychange", this.#turn);
  }

  readonly #turn = (): void => {
    clearTimeout(this.#timer);
    const wanted = this.#wanted;
    if (wanted === undefined || this.#reading || document.hidden || this.#abort.signal.aborted)
      return;
    const known = this.#pages.peek();
    const stale = numbers(Math.floor(wanted.first / PAGE), Math.floor(wanted.last / PAGE)).filter(
      (number) => known.get(number)?.of !== wanted.changed,
    );
    if (stale.length === 0) return;
    const oldest = Math.min(...stale.map((number) => known.get(number)?.readAt ?? 0));
    const wait = oldest + AGAIN_AFTER_MS - Date.now();
    if (wait > 0) this.#timer = setTimeout(this.#turn, wait);
    else void this.#read(stale, wanted.changed);
  };

  async #read(numbers: readonly number[], changed: string): Promise<void> {
    this.#reading = true;
    try {
      for (const number of numbers) {
        const range = { ...this.#view, offset: number * PAGE, limit: PAGE };
        const { jobs, total } = await readJobs(this.#id, range, this.#abort.signal);
        this.#total.value = total;
        const others = [...this.#pages.peek()].filter(([other]) => other !== number);
        const page = { jobs, of: changed, readAt: Date.now() };
        this.#pages.value = new Map([...others.slice(1 - MOST_PAGES), [number, page]]);
      }
      this.#reading = false;
      this.#turn();
    } catch {
      // The group is asked for at the same time and shows that the connection is lost.
      this.#reading = false;
      this.#timer = setTimeout(this.#turn, AGAIN_AFTER_MS);
    }
  }
}

const numbers = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
