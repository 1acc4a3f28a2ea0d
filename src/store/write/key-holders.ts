import { sql } from "drizzle-orm";
import type { Receipt, ReceiptKey } from "../../domain/receipt.ts";
import { type Db, runBatch } from "../db.ts";
import { isUnder, receiptRows, receiptsUnder } from "../read/receipts.ts";
import { deleteExpired } from "./receipts.ts";

/** A key is held at most this long: longer than a claim takes, and than a Worker waits for an answer. */
export const KEY_HELD_MS = 30_000;
/** The receipt of no group: it holds the key while a claim is asking groups. */
const NO_GROUP = "";

interface Begun {
  /** This call holds the key now. */
  readonly isHolder: boolean;
  /** The receipt of another call that holds the key. */
  readonly holder: Receipt | undefined;
  /** The receipts of the groups that have granted leases under the key. */
  readonly receipts: readonly Receipt[];
}

/** Takes hold of a key that has no receipts and no holder, in one transaction and one round trip. */
export async function beginKey(
  db: Db,
  key: ReceiptKey & Pick<Receipt, "fingerprint">,
  now: number,
): Promise<Begun> {
  const { workspace, operation, keyHash, fingerprint } = key;
  const everyGroup = { workspace, operation, keyHash };
  const [, taken, found] = await runBatch<Record<string, unknown>>(db, [
    deleteExpired(everyGroup, now),
    sql`INSERT INTO receipt (workspace, operation, key_hash, group_id, fingerprint, position, reply, expires_at)
      SELECT ${workspace}, ${operation}, ${keyHash}, ${NO_GROUP}, ${fingerprint}, -1, 'null', ${now + KEY_HELD_MS}
      WHERE NOT EXISTS (SELECT 1 FROM receipt WHERE ${isUnder(everyGroup)})`,
    receiptsUnder(everyGroup, now),
  ]);
  const isHolder = (taken?.meta.changes ?? 0) > 0;
  const all = (found?.results ?? []).map((row) => receiptRows.read(row));
  const holder = isHolder ? undefined : all.find(({ groupId }) => groupId === NO_GROUP);
  return { isHolder, holder, receipts: all.filter(({ groupId }) => groupId !== NO_GROUP) };
}

/** Lets go of a key. The receipts of the groups stay. */
export async function endKey(db: Db, key: ReceiptKey): Promise<void> {
  await runBatch(db, [sql`DELETE FROM receipt WHERE ${isUnder({ ...key, groupId: NO_GROUP })}`]);
}
