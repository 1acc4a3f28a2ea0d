import type { Lease } from "../../../src/domain/replies.ts";
import { randomFrom } from "../../support/random.ts";
import { Desk } from "./desk.ts";
import { complete, fail, release, START } from "./helpers.ts";

const [DOCUMENTS, PROCESSORS, CALLS_A_SECOND] = [500, 10, 20];
const READING_MS = 100;
const REFUSING_MS = 10;
const PAUSE_MS = 200;

/** The report that follows a 429: `release` with the wait that it names, or `fail`. */
export type Answer = "release" | "fail";

export interface Throttled {
  readonly completed: number;
  readonly failed: number;
  /** Attempts that were counted and gave no result. */
  readonly burnt: number;
  readonly refusedCalls: number;
  readonly mostDeferrals: number;
  readonly seconds: number;
}

/**
 * Ten processors read 500 documents with an OCR service that takes 20 calls in each second and answers 429 to the
 * others, with the seconds to wait. The real rules decide, on a clock that jumps from event to event.
 */
export function throttled(answer: Answer, seed: number): Throttled {
  const random = randomFrom(seed);
  const desk = new Desk({ parallelJobs: PROCESSORS });
  desk.add(DOCUMENTS);
  desk.send({ kind: "open" });
  const calls = new Map<number, number>();
  let refusedCalls = 0;
  let busy = Array.from({ length: PROCESSORS }, (_, at) => ({ at, report: () => {} }));

  const read = (lease: Lease, at: number) => {
    const second = Math.floor(at / 1_000);
    const made = calls.get(second) ?? 0;
    if (made < CALLS_A_SECOND) {
      calls.set(second, made + 1);
      const readAt = at + READING_MS * (0.5 + random());
      return { at: readAt, report: () => desk.send(complete(lease, { costMicros: 10_000 })) };
    }
    refusedCalls++;
    const refusal = answer === "release" ? release(lease, 1, "429") : fail(lease);
    return { at: at + REFUSING_MS, report: () => desk.send(refusal) };
  };
  while (busy.length > 0) {
    const next = busy.reduce((first, other) => (other.at < first.at ? other : first));
    desk.now = START + Math.round(next.at);
    next.report();
    const { leases, reason } = desk.send(desk.claiming());
    const [lease] = leases;
    if (lease !== undefined) Object.assign(next, read(lease, next.at));
    else if (reason === "finished") busy = busy.filter((processor) => processor !== next);
    else Object.assign(next, { at: next.at + PAUSE_MS, report: () => {} });
  }

  const jobs = [...desk.state.jobs.values()];
  const { completedJobs: completed, failedJobs: failed } = desk.group;
  const attempts = jobs.reduce((sum, job) => sum + job.attempts, 0);
  return {
    completed,
    failed,
    burnt: attempts - completed,
    refusedCalls,
    mostDeferrals: Math.max(...jobs.map(({ deferrals }) => deferrals)),
    seconds: (desk.now - START) / 1_000,
  };
}
