import { endingAt, replyWith } from "../domain/claim.ts";
import type { ClaimReply, Lease } from "../domain/replies.ts";
import type { Receipt } from "../domain/receipt.ts";
import { connect, type Db } from "../store/db.ts";
import { databaseAt } from "../store/shards.ts";
import { readLeaseEnds } from "../store/read/lease-ends.ts";
import { beginKey, endKey, KEY_HELD_MS } from "../store/write/key-holders.ts";
import { type ClaimAny, type Idempotency, type Outcome, unavailable } from "./protocol.ts";

interface Keyed extends ClaimAny {
  readonly idempotency: Idempotency;
}

const LOOK_AGAIN_MS = 150;

/**
 * Runs a claim that asks several groups once for its Idempotency-Key. The key is held in the database meanwhile:
 * a repeat waits until it is let go of, and then answers the leases granted. A holder that dies lets go when its
 * time is over: the next repeat answers what it had leased, or runs the claim anew when that was nothing.
 */
export async function oncePerKey(
  env: Env,
  claim: Keyed,
  run: () => Promise<Outcome<"claim">>,
): Promise<Outcome<"claim">> {
  const { workspace, shard, idempotency } = claim;
  const { operation, keyHash, fingerprint } = idempotency;
  const session = databaseAt(env, shard).withSession("first-primary");
  const db = connect(session);
  const key = { workspace, operation, keyHash };
  const giveUpAt = Date.now() + KEY_HELD_MS;
  while (Date.now() < giveUpAt) {
    const { isHolder, receipts, holder } = await beginKey(db, { ...key, fingerprint }, Date.now());
    const known = holder ?? receipts[0];
    if (known !== undefined && known.fingerprint !== fingerprint) return REUSED;
    if (isHolder) {
      try {
        return await run();
      } finally {
        await endKey(db, key).catch(logHeld);
      }
    }
    if (holder === undefined) {
      const leases = await granted(db, workspace, receipts);
      return replayed(leases, session.getBookmark());
    }
    await scheduler.wait(LOOK_AGAIN_MS);
  }
  return unavailable;
}

/** The leases are granted and have their receipts: only a repeat has to wait until the key's time is over. */
const logHeld = (error: unknown) => console.error("Idempotency-Key not let go of", error);

/** The leases in the receipts. Beats may have moved their ends since. */
async function granted(db: Db, workspace: string, receipts: readonly Receipt[]): Promise<Lease[]> {
  const leases = receipts.flatMap(({ reply }) => (JSON.parse(reply) as ClaimReply).leases);
  if (!leases.some(({ heartbeatSeconds }) => heartbeatSeconds)) return leases;
  const ends = await readLeaseEnds(db, workspace, leases);
  return leases.map((lease) => endingAt(lease, ends.get(lease.leaseId) ?? lease.leaseExpiresAt));
}

const replayed = (leases: Lease[], bookmark: string | null): Outcome<"claim"> => ({
  ok: true,
  reply: replyWith(leases),
  replayed: true,
  ...(bookmark !== null && { bookmark }),
});

const REUSED = {
  ok: false,
  refusal: { code: "IDEMPOTENCY_KEY_REUSED", detail: "Use a new key for a new request." },
} as const satisfies Outcome;
