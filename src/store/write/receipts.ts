import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import { type Receipt, RECEIPT_LIFETIME_MS, type ReceiptKey } from "../../domain/receipt.ts";
import { isUnder } from "../read/receipts.ts";
import { receipt } from "../schema.ts";

/** Expired receipts deleted with each new one. The Cron Trigger deletes the others. */
const PRUNED_AT_ONCE = 10;

const COLUMNS = Object.entries(getTableColumns(receipt)) as [keyof Receipt, { name: string }][];
const names = sql.raw(COLUMNS.map(([, { name }]) => name).join(", "));

/** Inserts a receipt if this batch has brought its group to the revision in which the answer is true. */
export function insertReceipt(row: Receipt, revision: string): SQL {
  const values = COLUMNS.map(([key]) => sql`${row[key]}`);
  return sql`INSERT INTO receipt (${names}) SELECT ${sql.join(values, sql.raw(", "))}
    WHERE EXISTS (SELECT 1 FROM job_group WHERE id = ${row.groupId} AND revision = ${revision})`;
}

/**
 * Deletes a group's receipts with the group. The receipt of its creation stays for a while without its reply: a
 * late repeat of the creation is told that the group was deleted, and does not create it again.
 */
export const eraseReceipts = ({ id, workspace }: Group, now: number): SQL[] => [
  sql`DELETE FROM receipt WHERE group_id = ${id} AND operation <> 'createJobGroup' AND workspace = ${workspace}`,
  sql`UPDATE receipt SET expires_at = ${now + RECEIPT_LIFETIME_MS}, reply = 'null'
    WHERE group_id = ${id} AND operation = 'createJobGroup' AND workspace = ${workspace}`,
];

/** Deletes the expired receipts of an earlier use of the same key: they are replayed no more. */
export const deleteExpired = (key: ReceiptKey, now: number): SQL =>
  sql`DELETE FROM receipt WHERE ${isUnder(key)} AND expires_at <= ${now}`;

/** Deletes a few expired receipts, of any workspace. */
export const pruneReceipts = (now: number, limit = PRUNED_AT_ONCE): SQL =>
  sql`DELETE FROM receipt WHERE (workspace, operation, key_hash, group_id) IN (
    SELECT workspace, operation, key_hash, group_id FROM receipt
    WHERE expires_at < ${now} ORDER BY expires_at LIMIT ${limit})`;
