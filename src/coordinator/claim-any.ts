import { replyWith } from "../domain/claim.ts";
import { sha256Hex } from "../lib/sha256.ts";
import { connect } from "../store/db.ts";
import { databaseAt } from "../store/shards.ts";
import { type Line, readClaimReason } from "../store/read/claimable.ts";
import { keepFilter } from "../store/write/claim-filters.ts";
import { GroupWalk } from "./group-walk.ts";
import { oncePerKey } from "./once-per-key.ts";
import { type ClaimAny, type Outcome, unavailable } from "./protocol.ts";

/**
 * Claims jobs over all groups of a workspace. Each group grants its leases in a commit of its own, with a
 * receipt of its own under the Idempotency-Key. A key stands for one claim: a repeat that arrives while the first
 * is under way waits for it.
 */
export async function claimAny(env: Env, claim: ClaimAny): Promise<Outcome<"claim">> {
  const { idempotency } = claim;
  const line = await lineOf(env, claim);
  const outcome = await (idempotency === undefined
    ? lease(env, claim, line)
    : oncePerKey(env, { ...claim, idempotency }, () => lease(env, claim, line)));
  if (!outcome.ok || outcome.reply.leases.length > 0) return outcome;
  const why = await readClaimReason(connect(databaseAt(env, claim.shard)), line, Date.now());
  return { ...outcome, reply: { leases: [], ...why } };
}

/** The line of groups that the claim is for. The line of a filter is kept from its first claim on. */
export async function lineOf(env: Env, { workspace, shard, filter }: ClaimAny): Promise<Line> {
  if (filter === undefined) return { workspace };
  const line = { workspace, filterId: (await sha256Hex(JSON.stringify(filter))).slice(0, 32) };
  const isWhole = await keepFilter(connect(databaseAt(env, shard)), line, filter, Date.now());
  return { ...line, isFilling: !isWhole };
}

/** Walks over the groups. An error or a refusal is answered only when nothing has been leased before it. */
async function lease(env: Env, claim: ClaimAny, line: Line): Promise<Outcome<"claim">> {
  const walk = new GroupWalk(env, claim, line);
  try {
    await walk.run();
  } catch (error) {
    if (walk.leases.length === 0) throw error;
    console.error("claim cut short", error);
  }
  if (walk.leases.length === 0 && walk.unreachable > 0 && walk.answered === 0) return unavailable;
  return {
    ok: true,
    reply: replyWith(walk.leases),
    replayed: false,
    ...(walk.bookmark !== null && { bookmark: walk.bookmark }),
  };
}
