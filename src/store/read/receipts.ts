import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { ReceiptKey } from "../../domain/receipt.ts";
import { type Db, runBatch } from "../db.ts";
import { isKept } from "../kept.ts";
import { RowReader } from "../rows.ts";
import { receipt } from "../schema.ts";

export const receiptRows = new RowReader("receipt", getTableColumns(receipt));

/**
 * The condition that a receipt is under a key: of all groups, unless the key names one. Of a group that is being removed
 * only the receipt of its creation is.
 */
export const isUnder = ({ workspace, operation, keyHash, groupId }: ReceiptKey): SQL =>
  sql`workspace = ${workspace} AND operation = ${operation} AND key_hash = ${keyHash}
    ${groupId === undefined ? undefined : sql`AND group_id = ${groupId}`}
    AND (operation = 'createJobGroup' OR ${isKept(sql`receipt.group_id`)})`;

/** Selects the receipts under a key that have not expired. */
export const receiptsUnder = (key: ReceiptKey, now: number): SQL =>
  sql`SELECT ${receiptRows.sql} FROM receipt WHERE ${isUnder(key)}
    AND (expires_at IS NULL OR expires_at > ${now}) ORDER BY position`;

/** `true` when an answer is stored under the key. */
export async function isAnswered(db: Db, key: ReceiptKey, now: number): Promise<boolean> {
  const [found] = await runBatch(db, [
    sql`SELECT 1 FROM receipt WHERE ${isUnder(key)} AND position >= 0 AND expires_at > ${now} LIMIT 1`,
  ]);
  return found?.results.length === 1;
}
