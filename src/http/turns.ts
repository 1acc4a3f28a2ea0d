import type { MiddlewareHandler } from "hono";
import { GIVEN_UP_MS } from "../lib/shared-reads.ts";
import { Company } from "../lib/company.ts";
import { Crowded, Place, Turns } from "../lib/turns.ts";
import { LIMITS } from "../domain/limits.ts";
import type { AppContext, AppEnv } from "./app-types.ts";
import { ProblemError } from "./problems/problem-error.ts";

const LONGEST_REST_MS = 1_000;

const company = new Company();
const modestBeside = (workspace: string): number =>
  company.modestBeside(workspace, LIMITS.callsAtOnce, Date.now());

/**
 * The calls of a workspace that an isolate has in hand: as many as the most modest of the others wants, or a few. The rest
 * waits while the thread is late. Two that both send much share the thread without a gate.
 */
const calls = new Turns({
  most: (workspace) => Math.max(LIMITS.callsAtOnce, modestBeside(workspace)),
  countedMs: 1_000,
  passesOnTime: true,
  mostWaiting: LIMITS.callsWaiting,
});

/**
 * Work that keeps the thread, or the database, for longer than a look-up by id. While more of it waits, and others call, a
 * workspace rests after each for twice as long as it took.
 */
export const dearWork = new Turns({
  most: () => 1,
  countedMs: GIVEN_UP_MS,
  restAfter: (workspace, tookMs, waiting) =>
    waiting + calls.waiting(workspace) > 0 && modestBeside(workspace) < Infinity
      ? Math.min(2 * tookMs, LONGEST_REST_MS)
      : 0,
  mostWaiting: LIMITS.callsWaiting,
});

/** Large bodies in memory. The others lie unread in their connections. */
const largeBodies = new Turns({ most: () => LIMITS.largeBodiesAtOnce, countedMs: GIVEN_UP_MS });

/** Cheap reads, each of which has a lane for those that are equal to it. */
export const equalReads = new Turns({ most: () => 1, countedMs: GIVEN_UP_MS });

/** Lets a call of the workspace in. A workspace that has the isolate to itself waits for nothing. */
export function letIn(c: AppContext, call: () => Promise<void>): Promise<void> {
  const { workspace } = c.get("principal");
  company.note(workspace, calls.wanted(workspace) + 1, Date.now());
  return modestBeside(workspace) === Infinity ? calls.take(workspace, call) : among(calls, c, call);
}

export const holdLargeBody = (c: AppContext, work: () => Promise<void>): Promise<void> =>
  among(largeBodies, c, work);

/** Does dear work when it is the turn of this call among those of its workspace. */
export const inTurn = <Result>(c: AppContext, work: () => Promise<Result>): Promise<Result> =>
  among(dearWork, c, work);

/**
 * Work takes its turn until its client hangs up. workerd tells a reset at once and tears the request down, but not
 * that a client has closed its side: then the work goes on to its end.
 */
async function among<Result>(
  turns: Turns,
  c: AppContext,
  work: () => Promise<Result>,
): Promise<Result> {
  const { workspace } = c.get("principal");
  const place = new Place();
  const leave = () => turns.leave(workspace, place);
  const { signal } = c.req.raw;
  signal.addEventListener("abort", leave);
  try {
    return await orRefused(turns.take(workspace, work, place));
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** A dear call, as a whole. Its body must be read before. */
export const dearCall: MiddlewareHandler<AppEnv> = (c, next) => inTurn(c, next);

async function orRefused<Result>(turn: Promise<Result>): Promise<Result> {
  try {
    return await turn;
  } catch (error) {
    if (!(error instanceof Crowded)) throw error;
    throw new ProblemError(
      "RATE_LIMITED",
      "Too many requests of the workspace wait for their turn.",
    );
  }
}
