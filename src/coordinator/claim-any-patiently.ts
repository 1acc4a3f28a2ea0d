import { BoundedMap } from "../lib/bounded-map.ts";
import { connect } from "../store/db.ts";
import { databaseAt } from "../store/shards.ts";
import { readClaimableGroups } from "../store/read/claimable.ts";
import { isAnswered } from "../store/read/receipts.ts";
import { claimAny, lineOf } from "./claim-any.ts";
import type { Caller } from "./claim-patiently.ts";
import type { ClaimAny, Outcome } from "./protocol.ts";

/** Time between two looks at a line, whoever looks. */
const LOOK_MS = 1_000;
/** A claim that saw work and came too late so often is answered empty: D1 limits the queries of an invocation. */
const MAX_TRIES = 6;

/** The time of the last look at a line that found nothing, by any waiter of this isolate. */
const lookedAt = new BoundedMap<number>();

/** The time of the last claim without a wait under each Idempotency-Key. */
const endedAt = new BoundedMap<number>();

/**
 * Ends the waits that this isolate holds under the claim's Idempotency-Key. The caller has asked again without a wait, so
 * nobody listens to the old ones. The server may not have seen that their connection was closed.
 */
export function endWaits(claim: ClaimAny): void {
  if (claim.idempotency) endedAt.set(nameOf(claim), Date.now());
}

const nameOf = ({ workspace, idempotency }: ClaimAny) => `${workspace}/${idempotency?.keyHash}`;

/**
 * Claims over all groups once there is something to lease, or the wait is over. The waiters of an isolate share their looks: each
 * line is looked at about once a second. One that finds work claims it, and the others look for themselves when their own
 * second is over, so they do not all come at once. The answer may hold leases although the caller has hung up.
 */
export async function claimAnyPatiently(
  env: Env,
  claim: ClaimAny,
  { waitMs, signal }: Caller,
): Promise<Outcome<"claim">> {
  const begun = Date.now();
  const until = begun + waitMs;
  const hasEnded = () => (endedAt.get(nameOf(claim)) ?? 0) > begun;
  const isLeft = () => signal.aborted || hasEnded();
  for (let tries = 1; ; tries++) {
    await workInSight(env, claim, until, isLeft);
    if (isLeft()) return NOTHING;
    const outcome = await claimAny(env, claim);
    const isEmpty = outcome.ok && outcome.reply.leases.length === 0;
    if (!isEmpty || tries === MAX_TRIES || Date.now() >= until) return outcome;
  }
}

const NOTHING = {
  ok: true,
  reply: { leases: [], reason: "nothing_queued", retryAt: null },
  replayed: false,
} as const satisfies Outcome<"claim">;

/**
 * Resolves when the line has a group with work, another claim was answered under the Idempotency-Key, the time is
 * over, or nobody waits any more. Each look asks for the line anew, because it may have been forgotten meanwhile.
 */
async function workInSight(env: Env, claim: ClaimAny, until: number, isLeft: () => boolean) {
  const db = connect(databaseAt(env, claim.shard));
  const { workspace, idempotency } = claim;
  let line = await lineOf(env, claim);
  const name = `${line.workspace}/${line.filterId ?? ""}`;
  for (let now = Date.now(); now < until && !isLeft();) {
    await scheduler.wait(Math.min(LOOK_MS * (0.9 + 0.2 * Math.random()), until - now));
    now = Date.now();
    if (idempotency && (await isAnswered(db, { workspace, ...idempotency }, now))) return;
    if (now < (lookedAt.get(name) ?? 0) + 0.9 * LOOK_MS) continue;
    lookedAt.set(name, now);
    line = await lineOf(env, claim);
    const found = await readClaimableGroups(db, line, 1, now);
    if (found.length === 0) continue;
    lookedAt.set(name, 0);
    return;
  }
}
