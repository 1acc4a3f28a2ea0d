import { and, asc, eq, getTableColumns, gte, lt } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import { firstIdAt, type Job, type JobStatus } from "../../domain/job.ts";
import { groupRows, jobColumns, toJob } from "../columns.ts";
import type { Db } from "../db.ts";
import { job, jobGroup } from "../schema.ts";

const groupKey = (workspace: string, groupId: string) =>
  and(eq(jobGroup.workspace, workspace), eq(jobGroup.id, groupId));

const GROUP = `SELECT ${groupRows.selection} FROM job_group WHERE id = ?1 AND workspace = ?2`;

export async function readGroup(
  { $client }: Db,
  workspace: string,
  groupId: string,
): Promise<CommittedGroup | undefined> {
  const { results } = await $client.prepare(GROUP).bind(groupId, workspace).all();
  return results[0] && groupRows.read(results[0]);
}

export async function groupExists(db: Db, workspace: string, groupId: string): Promise<boolean> {
  const query = db.select({ id: jobGroup.id }).from(jobGroup);
  return (await query.where(groupKey(workspace, groupId)).get()) !== undefined;
}

const { groupId: _groupId, workspace: _workspace, ...wholeJob } = getTableColumns(job);

/** One job with its extracted data. */
export const readJob = (
  db: Db,
  workspace: string,
  groupId: string,
  jobId: string,
): Promise<Job | undefined> =>
  db
    .select(wholeJob)
    .from(job)
    .where(and(eq(job.workspace, workspace), eq(job.groupId, groupId), eq(job.id, jobId)))
    .get();

export interface JobsQuery {
  readonly workspace: string;
  readonly groupId: string;
  readonly status: JobStatus | undefined;
  /** Read only jobs from this id on. */
  readonly fromId: string;
  /** The group's size when the reading began: jobs added since are left out. */
  readonly totalJobs: number;
  readonly limit: number;
  readonly offset: number;
}

/** A page of a group's jobs in the order they were added, without their extracted data. */
export async function readJobs(db: Db, query: JobsQuery): Promise<Job[]> {
  const rows = await db
    .select(jobColumns)
    .from(job)
    .where(
      and(
        eq(job.workspace, query.workspace),
        eq(job.groupId, query.groupId),
        gte(job.id, query.fromId),
        lt(job.id, firstIdAt(query.totalJobs)),
        query.status && eq(job.status, query.status),
      ),
    )
    .orderBy(asc(job.id))
    .limit(query.limit)
    .offset(query.offset);
  return rows.map(toJob);
}
