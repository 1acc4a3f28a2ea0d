import { sql } from "drizzle-orm";
import type { Job } from "../../domain/job.ts";
import type { Beats } from "../../domain/lease.ts";
import { beatsIn, beatsOfLease, jobRows, toJob } from "../columns.ts";
import { type Db, runBatch } from "../db.ts";
import { isKept } from "../kept.ts";

export interface NumberQuery {
  readonly workspace: string;
  readonly jobNumber: string;
  readonly limit: number;
  readonly offset: number;
  /** Jobs that are looked at. */
  readonly most: number;
}

export interface NumberedJobs {
  readonly jobs: readonly { readonly groupId: string; readonly job: Job; readonly beats: Beats }[];
  /** At most one more than the jobs that are looked at. */
  readonly total: number;
}

/** Reads the workspace's jobs with a number, newest first. A number is in a group once, so no other group is read. */
export async function readNumberedJobs(db: Db, query: NumberQuery): Promise<NumberedJobs> {
  const { workspace, jobNumber, limit, offset, most } = query;
  const numbered = sql`FROM job INDEXED BY job_by_number
    WHERE workspace = ${workspace} AND job_number = ${jobNumber} AND ${isKept(sql`job.group_id`)} LIMIT ${most + 1}`;
  const [count, page] = await runBatch<Row>(db, [
    sql`SELECT count(*) AS total FROM (SELECT 1 ${numbered})`,
    sql`SELECT ${jobRows.sql}, job.group_id, ${beatsOfLease} AS beats
      FROM (SELECT key ${numbered}) AS found
      CROSS JOIN job ON job.key = found.key
      ORDER BY job.created_at DESC, job.group_id, job.id LIMIT ${limit} OFFSET ${offset}`,
  ]);
  const jobs = (page?.results ?? []).map((row) => ({
    groupId: row.group_id,
    job: toJob(jobRows.read(row)),
    beats: beatsIn(row),
  }));
  return { jobs, total: count?.results[0]?.total ?? 0 };
}

interface Row extends Record<string, unknown> {
  readonly group_id: string;
  readonly beats: string | null;
  readonly total: number;
}
