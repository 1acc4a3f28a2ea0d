import { type SQL, sql } from "drizzle-orm";
import type { Choice } from "../../domain/commands.ts";
import type { GroupKey } from "../../domain/group.ts";
import { type JobStatus, UNSPECIFIED } from "../../domain/job.ts";
import type { JobRange } from "../../domain/sweep.ts";
import { among } from "../db.ts";

/** The bytes of a row of `job` that vary most. `octet_length` does not read what it measures. */
export const JOB_BYTES = `coalesce(octet_length(extracted_data), 0) + coalesce(octet_length(metadata), 0)
  + coalesce(octet_length(history), 0)`;

/** Matches the rows that `matches` in the domain chooses. */
export function chosenJobs(
  { workspace, groupId }: GroupKey,
  { statuses, jobIds, errorCodes }: Choice<JobStatus>,
  { after, to }: JobRange,
): SQL {
  const code = sql`CASE status WHEN 'failed' THEN coalesce(error_code, ${UNSPECIFIED}) END`;
  const conditions = [
    sql`group_id = ${groupId} AND workspace = ${workspace} AND id > ${after}`,
    ...(to === null ? [] : [sql`id <= ${to}`]),
    // The sign keeps the index of failed jobs away: it has them in another order.
    sql.raw(`+status IN (${statuses.map((status) => `'${status}'`).join(", ")})`),
    ...(jobIds === null ? [] : [sql`id IN ${among(jobIds)}`]),
    ...(errorCodes === null ? [] : [sql`${code} IN ${among(errorCodes)}`]),
  ];
  return sql.join(conditions, sql` AND `);
}

/** Aborts the batch unless the statement before it has changed so many rows. */
export const assertChanged = (rows: number): SQL =>
  sql`SELECT CASE WHEN changes() = ${rows} THEN 1 ELSE json('another number of rows') END`;

/** Aborts the batch unless the statements before it have cancelled all these jobs. */
export const assertCancelled = (
  { workspace, groupId }: GroupKey,
  jobIds: readonly string[],
  now: number,
): SQL =>
  sql`SELECT CASE WHEN count(*) = ${jobIds.length} THEN 1 ELSE json('another number of rows') END
    FROM job WHERE group_id = ${groupId} AND workspace = ${workspace} AND id IN ${among(jobIds)}
      AND status = 'cancelled' AND completed_at = ${now}`;
