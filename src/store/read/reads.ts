import { and, eq, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { EndedAttempt } from "../../domain/ended-attempt.ts";
import type { CommittedGroup, GroupKey } from "../../domain/group.ts";
import { historyOf } from "../../domain/history.ts";
import { type Job, type JobStatus, UNSPECIFIED } from "../../domain/job.ts";
import { beatsIn, beatsOfLease, groupRows, jobRows, toJob } from "../columns.ts";
import type { Beats } from "../../domain/lease.ts";
import { type Db, runBatch } from "../db.ts";
import { job, jobGroup } from "../schema.ts";
import { fromJobs, inOwner, joined, keyOfJob } from "../job-keys.ts";
import { isKept } from "../kept.ts";
import { readable, STORED_RESULT } from "../stored-result.ts";

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

/** Those of the ids that are groups of the workspace. The index is named, so that no other group is looked at. */
export async function existingGroups(
  db: Db,
  workspace: string,
  groupIds: readonly string[],
): Promise<string[]> {
  const [found] = await runBatch<{ id: string }>(db, [
    sql`SELECT job_group.id FROM json_each(${JSON.stringify(groupIds)}) AS asked
      CROSS JOIN job_group INDEXED BY job_group_by_id ON job_group.id = asked.value
      WHERE job_group.workspace = ${workspace}`,
  ]);
  return (found?.results ?? []).map(({ id }) => id);
}

const {
  key: _key,
  keyed: _keyed,
  groupId: _groupId,
  workspace: _workspace,
  ...wholeJob
} = getTableColumns(job);

export interface WholeJob {
  readonly job: Job;
  readonly history: readonly EndedAttempt[];
  /** The beats of the group, if the job's lease needs any. */
  readonly beats: Beats;
}

/** Reads one job with its extracted data, its history and the beats of its lease. */
export async function readJob(
  db: Db,
  workspace: string,
  groupId: string,
  jobId: string,
): Promise<WholeJob | undefined> {
  const isAsked = sql`${job.key} = ${keyOfJob({ groupId, rowid: null }, jobId)}`;
  const row = await db
    .select({ ...wholeJob, extractedData: STORED_RESULT, beats: beatsOfLease })
    .from(job)
    .where(
      and(isAsked, eq(job.workspace, workspace), eq(job.id, jobId), isKept(sql`${job.groupId}`)),
    )
    .get();
  if (row === undefined) return undefined;
  const { history, beats, extractedData, ...fields } = row;
  const found = { ...fields, extractedData: readable(extractedData), ended: [] };
  return { job: found, history: historyOf(found, history), beats: beatsIn({ beats }) };
}

export interface JobsQuery {
  readonly workspace: string;
  readonly groupId: string;
  readonly status: JobStatus | undefined;
  /** Read only jobs that failed for good with this code. */
  readonly errorCode: string | undefined;
  /** Read only jobs from this sequence number on. */
  readonly from: number;
  /** Read only jobs before this sequence number; absent: all. */
  readonly before: number | undefined;
  readonly limit: number;
  readonly offset: number;
}

export interface JobsPage {
  /** Absent when the group does not exist, or no longer. */
  readonly group: CommittedGroup | undefined;
  readonly beats: Beats;
  readonly jobs: readonly Job[];
  /** The number of jobs with the `errorCode`, when the query names one. */
  readonly withCode: number | undefined;
}

/**
 * Reads a page of a group's jobs, in the order they were added and without their extracted data, together
 * with the group: one round trip and one point in time.
 */
export async function readJobsPage(db: Db, query: JobsQuery): Promise<JobsPage> {
  const { groupId, errorCode, from, before } = query;
  const source =
    errorCode === undefined
      ? fromJobs({ groupId, rowid: null }, { from, before })
      : sql`FROM ${joined(groupId)} INDEXED BY job_failed
        WHERE ${failedWith(errorCode)} AND job.group_id = ${groupId} AND ${inOwner({ from, before })}`;
  const conditions = and(
    eq(job.workspace, query.workspace),
    query.status && eq(job.status, query.status),
  );
  const page = sql`SELECT ${jobRows.sql} ${source} AND ${conditions}
    ORDER BY ${job.key} LIMIT ${query.limit} OFFSET ${query.offset}`;
  const group = sql`SELECT ${groupRows.sql}, beats FROM job_group
    WHERE id = ${query.groupId} AND workspace = ${query.workspace}`;
  const counting = query.errorCode === undefined ? [] : [countFailed(query, query.errorCode)];
  const [groups, jobs, counted] = await runBatch<Record<string, unknown>>(db, [
    group,
    page,
    ...counting,
  ]);
  const found = groups?.results[0];
  return {
    group: found && groupRows.read(found),
    beats: beatsIn(found),
    jobs: (jobs?.results ?? []).map((row) => toJob(jobRows.read(row))),
    withCode: counted && Number(counted.results[0]?.["jobs"]),
  };
}

/** Jobs that failed before codes were kept have none, which is `unspecified` too. */
const failedWith = (errorCode: string): SQL =>
  errorCode === UNSPECIFIED
    ? sql`status = 'failed' AND (error_code = ${UNSPECIFIED} OR error_code IS NULL)`
    : sql`status = 'failed' AND error_code = ${errorCode}`;

/** Counts in the index alone: the workspace is that of the group, so that no job is read for it. */
const countFailed = ({ workspace, groupId }: GroupKey, errorCode: string): SQL =>
  sql`SELECT count(*) AS jobs FROM job INDEXED BY job_failed WHERE ${failedWith(errorCode)}
    AND group_id = (SELECT id FROM job_group WHERE id = ${groupId} AND workspace = ${workspace})`;
