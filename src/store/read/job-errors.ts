import { sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { UNSPECIFIED } from "../../domain/job.ts";
import { type Db, runBatch } from "../db.ts";

export interface JobErrors {
  readonly errorCode: string;
  readonly jobs: number;
  readonly error: string;
  readonly jobId: string;
}

/** The failed jobs of a group by their code, most first, with the latest error of each. Reads failed jobs alone. */
export async function readJobErrors(
  db: Db,
  { workspace, groupId }: GroupKey,
  limit: number,
): Promise<JobErrors[] | undefined> {
  // Of the rows of a code, SQLite takes the plain columns from the one with the maximum.
  const [group, errors] = await runBatch<JobErrors>(db, [
    sql`SELECT 1 FROM job_group WHERE id = ${groupId} AND workspace = ${workspace}`,
    sql`SELECT coalesce(error_code, ${UNSPECIFIED}) AS errorCode, count(*) AS jobs, max(completed_at), error, id AS jobId
      FROM job INDEXED BY job_failed WHERE group_id = ${groupId} AND workspace = ${workspace} AND status = 'failed'
      GROUP BY coalesce(error_code, ${UNSPECIFIED}) ORDER BY jobs DESC, errorCode LIMIT ${limit}`,
  ]);
  if (group?.results.length !== 1) return undefined;
  return (errors?.results ?? []).map(({ errorCode, jobs, error, jobId }) => ({
    errorCode,
    jobs,
    error,
    jobId,
  }));
}
