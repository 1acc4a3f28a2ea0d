import { sql } from "drizzle-orm";
import type { CommittedGroup, GroupKey } from "../../domain/group.ts";
import type { Tally } from "../../domain/tally.ts";
import { groupRows } from "../columns.ts";
import { type Db, runBatch } from "../db.ts";
import { fromJobs } from "../job-keys.ts";

export interface Recount {
  readonly group: CommittedGroup;
  readonly recounted: Tally;
}

/** The number of jobs in one of these statuses. */
export const counted = (...statuses: string[]) =>
  sql.raw(`count(CASE WHEN status IN ('${statuses.join("', '")}') THEN 1 END)`);
const ofCompleted = (column: string) =>
  sql.raw(`coalesce(sum(CASE status WHEN 'completed' THEN ${column} END), 0)`);

/** Reads a group and counts the rows of its jobs, at one point in time. `undefined` when there is no such group. */
export async function recount(
  db: Db,
  { workspace, groupId }: GroupKey,
): Promise<Recount | undefined> {
  const [groups, tallies] = await runBatch<Record<string, unknown>>(db, [
    sql`SELECT ${groupRows.sql} FROM job_group WHERE id = ${groupId} AND workspace = ${workspace}`,
    sql`SELECT count(*) AS totalJobs, ${counted("queued", "processing")} AS pendingJobs,
        ${counted("processing")} AS processingJobs, ${counted("completed")} AS completedJobs,
        ${counted("failed")} AS failedJobs, ${counted("cancelled")} AS cancelledJobs,
        ${ofCompleted("pages")} AS totalPages, coalesce(sum(cost_micros), 0) AS totalCostMicros,
        ${ofCompleted("processing_ms")} AS totalProcessingMs
      ${fromJobs({ groupId, rowid: null })} AND workspace = ${workspace}`,
  ]);
  const row = groups?.results[0];
  const tally = tallies?.results[0];
  if (row === undefined || tally === undefined) return undefined;
  return { group: groupRows.read(row), recounted: tally as unknown as Tally };
}
