import { and, asc, eq, sql } from "drizzle-orm";
import type { Db } from "./db.ts";
import { receipt } from "./schema.ts";

export type Receipt = typeof receipt.$inferSelect;
export type ReceiptKey = Pick<Receipt, "workspace" | "operation" | "keyHash"> &
  Partial<Pick<Receipt, "groupId">>;

export const underKey = (key: ReceiptKey) =>
  and(
    eq(receipt.workspace, key.workspace),
    eq(receipt.operation, key.operation),
    eq(receipt.keyHash, key.keyHash),
    key.groupId === undefined ? undefined : eq(receipt.groupId, key.groupId),
  );

/** How long a repeated Idempotency-Key is sure to be recognised. */
export const RECEIPT_LIFETIME_MS = 24 * 60 * 60 * 1000;

export const readReceipts = (db: Db, key: ReceiptKey): Promise<Receipt[]> =>
  db.select().from(receipt).where(underKey(key)).orderBy(asc(receipt.position));

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
