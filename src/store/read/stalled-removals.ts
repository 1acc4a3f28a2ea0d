import { sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";

/** Groups whose removal began before this time and is not over, any of them when there are more than `limit`. */
export async function readStalledRemovals(
  db: Db,
  before: number,
  limit: number,
): Promise<GroupKey[]> {
  const [found] = await runBatch<GroupKey>(db, [
    sql`SELECT workspace, group_id AS groupId FROM group_removal WHERE begun_at <= ${before} ORDER BY random() LIMIT ${limit}`,
  ]);
  return found?.results ?? [];
}

/** True while rows of a deleted group of the workspace are being removed. A move waits for them. */
export async function hasRemovals(db: Db, workspace: string): Promise<boolean> {
  const [found] = await runBatch(db, [
    sql`SELECT 1 FROM group_removal WHERE workspace = ${workspace} LIMIT 1`,
  ]);
  return found?.results.length === 1;
}
