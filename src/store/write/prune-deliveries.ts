import { sql } from "drizzle-orm";
import { type Db, runBatch } from "../db.ts";

/** Deletes deliveries that arrived before a time, the oldest first, at most `limit` of them. */
export async function pruneDeliveries(db: Db, before: number, limit: number): Promise<void> {
  await runBatch(db, [
    sql`DELETE FROM delivery WHERE (group_id, id) IN (
      SELECT group_id, id FROM delivery INDEXED BY delivery_delivered
      WHERE delivered_at <= ${before} ORDER BY delivered_at LIMIT ${limit})`,
  ]);
}
