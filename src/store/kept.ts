import { type SQL, sql } from "drizzle-orm";

/**
 * True unless the row's group is being removed. Its jobs, deliveries and receipts stay for a while after its deletion and
 * must not be seen. The table is nearly always empty, so the condition reads no row.
 *
 * @param groupId the column with the id of the group
 */
export const isKept = (groupId: SQL): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM group_removal WHERE group_removal.group_id = ${groupId})`;
