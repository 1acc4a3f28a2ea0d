import type { ClaimJobs } from "../domain/commands.ts";
import { randomHex } from "../lib/hex.ts";
import type { CommandRequest, Outcome } from "./protocol.ts";
import { coordinatorOf, outcomeOf } from "./stub.ts";

/** A caller who waits for work, and may hang up. */
export interface Caller {
  readonly waitMs: number;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

/** Time before a coordinator that was lost is asked again. */
const ASK_AGAIN_MS = 250;

/**
 * Sends a claim that waits to the coordinator of its group. When the coordinator is lost meanwhile, the claim is sent
 * again for the rest of its wait. It has the same lease ids: leases that were granted without an answer are found.
 * The answer may hold leases although the caller has hung up.
 */
export async function claimPatiently(
  env: Env,
  request: CommandRequest & { readonly command: ClaimJobs },
  { waitMs, signal }: Caller,
): Promise<Outcome<"claim">> {
  const until = Date.now() + waitMs;
  const ticket = randomHex(32);
  for (;;) {
    const outcome = await askOnce(env, request, ticket, until, signal);
    const isLost = !outcome.ok && outcome.refusal.code === "UNAVAILABLE";
    if (!isLost || signal.aborted || Date.now() >= until) return outcome;
    await scheduler.wait(ASK_AGAIN_MS * (1 + Math.random()));
  }
}

async function askOnce(
  env: Env,
  request: CommandRequest,
  ticket: string,
  until: number,
  signal: AbortSignal,
): Promise<Outcome<"claim">> {
  const stub = coordinatorOf(env, request.groupId);
  // The calls through one stub arrive in order: the caller cannot leave before it has come.
  const leave = () => void stub.leave(ticket).catch(logLeft);
  signal.addEventListener("abort", leave);
  try {
    const waitMs = Math.max(0, until - Date.now());
    return await outcomeOf<"claim">(() => stub.executePatiently(request, { ticket, waitMs }));
  } finally {
    signal.removeEventListener("abort", leave);
  }
}

/** The coordinator is lost, and its waiters with it. */
const logLeft = (error: unknown) => console.error("a waiter could not leave", error);
