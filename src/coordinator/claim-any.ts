import { replyWith } from "../domain/claim.ts";
import type { ClaimReply, Lease } from "../domain/commands.ts";
import { LEASE_ID_LENGTH } from "../domain/ids.ts";
import { randomHex } from "../lib/hex.ts";
import { connect } from "../store/db.ts";
import { readClaimableGroups, readClaimReason } from "../store/read/claimable.ts";
import { readReceipts } from "../store/read/receipts.ts";
import type { Idempotency, Outcome } from "./protocol.ts";
import { execute } from "./stub.ts";

export interface ClaimAny {
  readonly workspace: string;
  readonly workerId: string;
  readonly maxJobs: number;
  readonly idempotency?: Idempotency;
}

/** A claim asks at most this many groups: when many processors race for few jobs, most groups have none left. */
const MAX_GROUPS_ASKED = 50;

/** A claim with a fresh lease id for each job it may lease. */
export const claimCommand = (workerId: string, maxJobs: number) => ({
  kind: "claim" as const,
  workerId,
  maxJobs,
  leaseIds: Array.from({ length: maxJobs }, () => randomHex(LEASE_ID_LENGTH)),
});

/**
 * Claims jobs over all groups of a workspace. Each group grants its leases in a commit of its own, with a
 * receipt of its own under the Idempotency-Key.
 */
export async function claimAny(env: Env, claim: ClaimAny): Promise<Outcome<"claim">> {
  const replayed = claim.idempotency && (await replay(env, claim, claim.idempotency));
  if (replayed?.ok === false) return replayed;
  const outcome = replayed ?? (await lease(env, claim));
  if (!outcome.ok || outcome.reply.leases.length > 0) return outcome;
  const why = await readClaimReason(connect(env.DB), claim.workspace);
  return { ...outcome, reply: { leases: [], ...why } };
}

/** The leases that all groups asked have granted under this key; `undefined` when the key is new. */
async function replay(
  env: Env,
  { workspace }: ClaimAny,
  idempotency: Idempotency,
): Promise<Outcome<"claim"> | undefined> {
  const session = env.DB.withSession("first-primary");
  const receipts = await readReceipts(connect(session), { workspace, ...idempotency }, Date.now());
  if (receipts.length === 0) return undefined;
  if (receipts.some(({ fingerprint }) => fingerprint !== idempotency.fingerprint)) return REUSED;
  const leases = receipts.flatMap(({ reply }) => (JSON.parse(reply) as ClaimReply).leases);
  return granted(leases, { replayed: true, bookmark: session.getBookmark() });
}

/** Walks over the groups. An error or a refusal is answered only when nothing has been leased before it. */
async function lease(env: Env, claim: ClaimAny): Promise<Outcome<"claim">> {
  const walk: Walk = { leases: [], asked: [], bookmark: null };
  try {
    const refused = await walkGroups(env, claim, walk);
    if (refused !== null && walk.leases.length === 0) return refused;
    if (refused !== null) console.error("claim cut short", refused.refusal.code);
  } catch (error) {
    if (walk.leases.length === 0) throw error;
    console.error("claim cut short", error);
  }
  return granted(walk.leases, { replayed: false, bookmark: walk.bookmark });
}

interface Walk {
  readonly leases: Lease[];
  readonly asked: string[];
  bookmark: string | null;
}

type Refused = Extract<Outcome, { ok: false }>;

/** Asks one group after the other until enough is leased or no group has work; `null` unless one refuses. */
async function walkGroups(env: Env, claim: ClaimAny, walk: Walk): Promise<Refused | null> {
  const { workspace, workerId, maxJobs, idempotency } = claim;
  const { leases, asked } = walk;
  while (asked.length < MAX_GROUPS_ASKED) {
    const groups = await readClaimableGroups(connect(env.DB), workspace, asked, Date.now());
    if (groups.length === 0) return null;
    for (const groupId of groups) {
      const command = claimCommand(workerId, maxJobs - leases.length);
      const key = idempotency && { idempotency: { ...idempotency, position: asked.length } };
      const outcome = await execute(env, { groupId, workspace, command, ...key });
      if (outcome.ok) {
        leases.push(...outcome.reply.leases);
        walk.bookmark = outcome.bookmark ?? walk.bookmark;
      } else if (outcome.refusal.code !== "GROUP_NOT_FOUND") return outcome;
      // A group deleted meanwhile has nothing to lease.
      if (leases.length >= maxJobs) return null;
      asked.push(groupId);
    }
  }
  return null;
}

const REUSED = {
  ok: false,
  refusal: { code: "IDEMPOTENCY_KEY_REUSED", detail: "Use a new key for a new request." },
} as const satisfies Refused;

const granted = (
  leases: Lease[],
  { replayed, bookmark }: { replayed: boolean; bookmark: string | null },
): Outcome<"claim"> => ({
  ok: true,
  reply: replyWith(leases),
  replayed,
  ...(bookmark !== null && { bookmark }),
});
