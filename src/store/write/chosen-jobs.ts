import { type SQL, sql } from "drizzle-orm";
import type { RetryChoice } from "../../domain/commands.ts";
import type { GroupKey } from "../../domain/group.ts";
import { UNSPECIFIED } from "../../domain/job.ts";
import { EVERY_FAILED } from "../../domain/retry.ts";
import { among } from "../db.ts";

/** Matches the rows that `matches` in the domain chooses. */
export function chosenJobs({ workspace, groupId }: GroupKey, choice: RetryChoice | null): SQL {
  const { statuses, jobIds, errorCodes } = choice ?? EVERY_FAILED;
  const [first, ...others] = statuses.map((status) => sql.raw(`'${status}'`));
  // A single status is written out, so that the index of failed jobs serves the condition.
  const inStatus =
    others.length === 0
      ? sql`status = ${first}`
      : sql`status IN (${sql.join([first, ...others], sql`, `)})`;
  const code = sql`CASE status WHEN 'failed' THEN coalesce(error_code, ${UNSPECIFIED}) END`;
  const conditions = [
    sql`group_id = ${groupId} AND workspace = ${workspace}`,
    inStatus,
    ...(jobIds === null ? [] : [sql`id IN ${among(jobIds)}`]),
    ...(errorCodes === null ? [] : [sql`${code} IN ${among(errorCodes)}`]),
  ];
  return sql.join(conditions, sql` AND `);
}

/** Counts the rows that match, with the pages and the processing time of completed ones. */
export const countChosen = (group: GroupKey, choice: RetryChoice): SQL =>
  sql`SELECT count(*) FILTER (WHERE status = 'failed') AS failed,
      count(*) FILTER (WHERE status = 'completed') AS completed,
      coalesce(sum(pages) FILTER (WHERE status = 'completed'), 0) AS pages,
      coalesce(sum(processing_ms) FILTER (WHERE status = 'completed'), 0) AS processingMs
    FROM job WHERE ${chosenJobs(group, choice)}`;

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
