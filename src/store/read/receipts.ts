import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { ReceiptKey } from "../../domain/receipt.ts";
import { RowReader } from "../rows.ts";
import { receipt } from "../schema.ts";

export const receiptRows = new RowReader("receipt", getTableColumns(receipt));

/** Selects the receipts under a key that have not expired. */
export const receiptsUnder = (
  { workspace, operation, keyHash, groupId }: ReceiptKey,
  now: number,
): SQL =>
  sql`SELECT ${receiptRows.sql} FROM receipt
    WHERE workspace = ${workspace} AND operation = ${operation} AND key_hash = ${keyHash}
    ${groupId === undefined ? undefined : sql`AND group_id = ${groupId}`}
    AND (expires_at IS NULL OR expires_at > ${now}) ORDER BY position`;
