import { sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";
import { isAtHome } from "./at-home.ts";

/** Reads the groups whose retention is over, those that are due longest first. */
export async function readDueGroups(db: Db, now: number, limit: number): Promise<GroupKey[]> {
  const [due] = await runBatch<GroupKey>(db, [
    sql`SELECT workspace, id AS groupId FROM job_group INDEXED BY job_group_deletes_at
      WHERE deletes_at <= ${now} AND ${isAtHome(sql`job_group.workspace`)} ORDER BY deletes_at LIMIT ${limit}`,
  ]);
  return due?.results ?? [];
}
