import type { MiddlewareHandler } from "hono";
import { GIVEN_UP_MS } from "../lib/shared-reads.ts";
import { Company } from "../lib/company.ts";
import { Crowded, Place, Turns } from "../lib/turns.ts";
import { LIMITS } from "../domain/limits.ts";
import type { AppContext, AppEnv } from "./app-types.ts";
import { ProblemError } from "./problems/problem-error.ts";

/** The calls of a workspace that an isolate has in hand. Others wait while the thread is late. */
const calls = new Turns({
  most: LIMITS.callsAtOnce,
  countedMs: 1_000,
  passesOnTime: true,
  mostWaiting: LIMITS.callsWaiting,
});

const company = new Company();

/** Work that keeps the thread, or the database, for longer than a look-up by id. */
export const dearWork = new Turns({
  most: 1,
  countedMs: GIVEN_UP_MS,
  beats: true,
  longestRestMs: 1_000,
  mayRest: (workspace) => company.isBeside(workspace, Date.now()),
  waitingBefore: (workspace) => calls.waiting(workspace),
  mostWaiting: LIMITS.callsWaiting,
});

/** Large bodies in memory. The others lie unread in their connections. */
const largeBodies = new Turns({
  most: LIMITS.largeBodiesAtOnce,
  countedMs: GIVEN_UP_MS,
  beats: true,
});

/** Cheap reads, each of which has a lane for those that are equal to it. */
export const equalReads = new Turns({ most: 1, countedMs: GIVEN_UP_MS });

/** Lets a call of the workspace in. A workspace that has the isolate to itself waits for nothing. */
export const letIn = (workspace: string, call: () => Promise<void>): Promise<void> =>
  company.has(workspace, Date.now()) ? orRefused(calls.take(workspace, call)) : call();

export const holdLargeBody = (c: AppContext, work: () => Promise<void>): Promise<void> =>
  largeBodies.take(c.get("principal").workspace, work);

/** Does dear work when it is the turn of this call among those of its workspace. */
export async function inTurn<Result>(c: AppContext, work: () => Promise<Result>): Promise<Result> {
  const { workspace } = c.get("principal");
  const place = new Place();
  const leave = () => dearWork.leave(workspace, place);
  const { signal } = c.req.raw;
  signal.addEventListener("abort", leave);
  try {
    return await orRefused(dearWork.take(workspace, work, place));
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
