import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { type Db, runBatch } from "../db.ts";
import { RowReader } from "../rows.ts";
import { receipt } from "../schema.ts";

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

const COLUMNS = Object.entries(getTableColumns(receipt)) as [keyof Receipt, { name: string }][];
const names = sql.raw(COLUMNS.map(([, { name }]) => name).join(", "));

/** Stores what was answered, if the group has come to the revision in which it is true. */
export function insertReceipt(row: Receipt, revision: string): SQL {
  const values = COLUMNS.map(([key]) => sql`${row[key]}`);
  return sql`INSERT INTO receipt (${names}) SELECT ${sql.join(values, sql.raw(", "))}
    WHERE EXISTS (SELECT 1 FROM job_group WHERE id = ${row.groupId} AND revision = ${revision})`;
}

/**
 * A created group's id comes from its key, so the receipt of its creation stays as long as the group does;
 * when that is deleted it expires as others do.
 */
export const retireCreation = (groupId: string, now: number): SQL =>
  sql`UPDATE receipt SET expires_at = ${now + RECEIPT_LIFETIME_MS}
    WHERE group_id = ${groupId} AND operation = 'createJobGroup'`;

/** Clears a few expired receipts, of any group, with each new one. */
export const pruneReceipts = (now: number): SQL =>
  sql`DELETE FROM receipt WHERE (workspace, operation, key_hash, group_id) IN (
    SELECT workspace, operation, key_hash, group_id FROM receipt
    WHERE expires_at < ${now} ORDER BY expires_at LIMIT 10)`;
