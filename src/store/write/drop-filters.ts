import { sql } from "drizzle-orm";
import { type Db, runBatch } from "../db.ts";

/** Lines that a statement deletes, and statements of one call. */
const [LINES, MAX_STEPS] = [1_000, 10];

/**
 * Deletes the lines of forgotten filters and then the filters, a bounded number at a time. What is left over goes with the
 * next call. A claim that asks for a filter meanwhile brings it back: the lines that it still has stay.
 */
export async function dropForgotten(db: Db): Promise<void> {
  for (let step = 0; step < MAX_STEPS; step++) {
    const [lines] = await runBatch(db, [
      sql`DELETE FROM claim_line WHERE (workspace, filter_id, rank, place, group_id) IN (
        SELECT line.workspace, filter_id, rank, place, group_id
        FROM claim_filter AS filter INDEXED BY claim_filter_by_asked_at CROSS JOIN claim_line AS line
        ON line.workspace = filter.workspace AND filter_id = filter.id WHERE asked_at = 0 LIMIT ${LINES})`,
      sql`DELETE FROM claim_filter WHERE (workspace, id) IN (
        SELECT workspace, id FROM claim_filter AS filter INDEXED BY claim_filter_by_asked_at WHERE asked_at = 0
        AND NOT EXISTS (SELECT 1 FROM claim_line WHERE workspace = filter.workspace AND filter_id = filter.id) LIMIT ${LINES})`,
    ]);
    if ((lines?.meta.changes ?? 0) < LINES) return;
  }
}
