import { type SQL, sql } from "drizzle-orm";
import type { Choice } from "../../domain/commands.ts";
import type { GroupKey } from "../../domain/group.ts";
import { firstIdAt, type JobStatus, MAX_SEQUENCE, sequenceAfter } from "../../domain/job.ts";
import { SWEPT_AT_ONCE } from "../../domain/sweep.ts";
import { among } from "../db.ts";
import { isOfGroup, type Owner } from "../job-keys.ts";
import { chosenJobs, JOB_BYTES } from "./chosen-jobs.ts";

/** Jobs to be counted, from the first one after an id on. */
export interface Sought {
  readonly choice: Choice<JobStatus>;
  readonly after: string;
}

/**
 * Counts jobs as `Matched` has them: as many of the first ones as a commit may change, and at least one.
 */
export function countJobs(
  group: Owner & GroupKey,
  { choice, after }: Sought,
  loaded: readonly string[],
): SQL {
  const { jobs, bytes } = SWEPT_AT_ONCE;
  const end = endOfScan(choice, after);
  const count = (condition: string) => sql.raw(`count(*) FILTER (WHERE ${condition})`);
  const sum = (column: string) =>
    sql.raw(`coalesce(sum(${column}) FILTER (WHERE status = 'completed'), 0)`);
  const unseen =
    end === null
      ? sql``
      : sql`WHEN EXISTS (SELECT 1 FROM job WHERE ${isOfGroup(group, { from: sequenceAfter(end) })}
          AND workspace = ${group.workspace}) THEN ${end}`;
  return sql`WITH found AS MATERIALIZED (
      SELECT *, row_number() OVER in_order AS place, sum(bytes) OVER in_order - bytes AS bytes_before FROM (
        SELECT key, id, status, available_at, pages, processing_ms, ${sql.raw(JOB_BYTES)} AS bytes
        FROM job WHERE ${chosenJobs(group, choice, { after, to: end })} AND id NOT IN ${among(loaded)}
        ORDER BY key LIMIT ${jobs + 1})
      WINDOW in_order AS (ORDER BY key ROWS UNBOUNDED PRECEDING))
    SELECT ${count("status = 'failed'")} AS failed, ${count("status = 'completed'")} AS completed,
      ${count("status = 'queued'")} AS queued, ${count("status = 'queued' AND available_at IS NULL")} AS unclaimed,
      ${sum("pages")} AS pages, ${sum("processing_ms")} AS processingMs,
      CASE WHEN count(*) < (SELECT count(*) FROM found) THEN max(id) ${unseen} END AS "to"
    FROM found WHERE place <= ${jobs} AND bytes_before < ${bytes}`;
}

/** Jobs that are named are found without looking at others. */
function endOfScan({ jobIds }: Choice<JobStatus>, after: string): string | null {
  const end = sequenceAfter(after) + SWEPT_AT_ONCE.scanned;
  return jobIds !== null || end >= MAX_SEQUENCE ? null : firstIdAt(end);
}
