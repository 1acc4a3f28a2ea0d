import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { type Db, runBatch } from "./db.ts";
import { RowReader } from "./rows.ts";
import { receipt } from "./schema.ts";

export type Receipt = typeof receipt.$inferSelect;
export type ReceiptKey = Pick<Receipt, "workspace" | "operation" | "keyHash"> &
  Partial<Pick<Receipt, "groupId">>;

export const receiptRows = new RowReader("receipt", getTableColumns(receipt));

export const receiptsUnder = ({ workspace, operation, keyHash, groupId }: ReceiptKey): SQL =>
  sql`SELECT ${receiptRows.sql} FROM receipt
    WHERE workspace = ${workspace} AND operation = ${operation} AND key_hash = ${keyHash}
    ${groupId === undefined ? undefined : sql`AND group_id = ${groupId}`}
    ORDER BY position`;

/** How long a repeated Idempotency-Key is sure to be recognised. */
export const RECEIPT_LIFETIME_MS = 24 * 60 * 60 * 1000;

export async function readReceipts(db: Db, key: ReceiptKey): Promise<Receipt[]> {
  const [found] = await runBatch<Record<string, unknown>>(db, [receiptsUnder(key)]);
  return (found?.results ?? []).map((row) => receiptRows.read(row));
}

export const insertReceipt = (db: Db, row: Receipt) => db.insert(receipt).values(row);

/**
 * Clears a few old receipts, of any group, with each new one. A created group's id comes from its key,
 * so the receipt of its creation stays as long as the group does.
 */
export const pruneReceipts = (now: number) =>
  sql`DELETE FROM receipt WHERE (workspace, operation, key_hash, group_id) IN (
    SELECT workspace, operation, key_hash, group_id FROM receipt
    WHERE created_at < ${now - RECEIPT_LIFETIME_MS}
      AND NOT (operation = 'createJobGroup'
        AND EXISTS (SELECT 1 FROM job_group WHERE job_group.id = receipt.group_id))
    ORDER BY created_at LIMIT 10)`;
