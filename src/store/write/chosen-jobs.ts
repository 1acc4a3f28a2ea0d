import { type SQL, sql } from "drizzle-orm";
import type { Choice } from "../../domain/commands.ts";
import type { GroupKey } from "../../domain/group.ts";
import { type JobStatus, sequenceAfter, UNSPECIFIED } from "../../domain/job.ts";
import type { JobRange } from "../../domain/sweep.ts";
import { among } from "../db.ts";
import { isOfGroup, keysOfJobs, type Owner } from "../job-keys.ts";

/** The bytes of a row of `job` that vary most. `octet_length` does not read what it measures. */
export const JOB_BYTES = `coalesce(octet_length(extracted_data), 0) + coalesce(octet_length(metadata), 0)
  + coalesce(octet_length(history), 0)`;

/** Matches the rows that `matches` in the domain chooses. */
export function chosenJobs(
  owner: Owner & GroupKey,
  { statuses, jobIds, errorCodes }: Choice<JobStatus>,
  { after, to }: JobRange,
): SQL {
  const code = sql`CASE status WHEN 'failed' THEN coalesce(error_code, ${UNSPECIFIED}) END`;
  const conditions = [
    isOfGroup(owner, {
      from: sequenceAfter(after),
      before: to === null ? undefined : sequenceAfter(to),
    }),
    sql`workspace = ${owner.workspace}`,
    // The sign keeps the index of failed jobs away: it has them in another order.
    sql.raw(`+status IN (${statuses.map((status) => `'${status}'`).join(", ")})`),
    ...(jobIds === null ? [] : [isNamed(owner, jobIds)]),
    ...(errorCodes === null ? [] : [sql`${code} IN ${among(errorCodes)}`]),
  ];
  return sql.join(conditions, sql` AND `);
}

/** The condition that a job has one of these ids. */
const isNamed = (owner: Owner, jobIds: readonly string[]): SQL =>
  sql`key IN ${keysOfJobs(owner, jobIds)} AND id IN ${among(jobIds)}`;

/** Aborts the batch unless the statement before it has changed so many rows. */
export const assertChanged = (rows: number): SQL =>
  sql`SELECT CASE WHEN changes() = ${rows} THEN 1 ELSE json('another number of rows') END`;

/** Aborts the batch unless the statements before it have cancelled all these jobs. */
export const assertCancelled = (
  owner: Owner & GroupKey,
  jobIds: readonly string[],
  now: number,
): SQL =>
  sql`SELECT CASE WHEN count(*) = ${jobIds.length} THEN 1 ELSE json('another number of rows') END
    FROM job WHERE ${isNamed(owner, jobIds)} AND group_id = ${owner.groupId} AND workspace = ${owner.workspace}
      AND +status = 'cancelled' AND completed_at = ${now}`;
