import { getTableColumns, sql } from "drizzle-orm";
import type { Job } from "../domain/job.ts";
import type { Beats } from "../domain/lease.ts";
import { RowReader } from "./rows.ts";
import { job, jobGroup } from "./schema.ts";

const {
  rowid: _rowid,
  searchText: _searchText,
  claimRank: _claimRank,
  claimOrder: _claimOrder,
  deletesAt: _deletesAt,
  recentRevisions: _recentRevisions,
  beats: _beats,
  ...group
} = getTableColumns(jobGroup);
/** The columns that make a `CommittedGroup`. */
export const groupRows = new RowReader("job_group", group);

const {
  key: _key,
  keyed: _keyed,
  groupId: _groupId,
  workspace: _workspace,
  extractedData: _data,
  history: _history,
  ...rest
} = getTableColumns(job);
/** The columns of a domain `Job`, without those that no rule looks at. */
export const jobColumns = rest;
export const jobRows = new RowReader("job", jobColumns);

export const toJob = (row: Omit<Job, "extractedData" | "ended">): Job => ({
  ...row,
  extractedData: null,
  ended: [],
});

/** The beats of a row that has the column, and none for a group that is not there. */
export const beatsIn = (row: { beats?: unknown } | undefined): Beats =>
  typeof row?.beats === "string" ? (jobGroup.beats.mapFromDriverValue(row.beats) as Beats) : NONE;

const NONE: Beats = new Map();

/** The beats of a job's group when the job's lease needs any; for a select from `job`. */
export const beatsOfLease = sql<
  string | null
>`CASE WHEN ${job.attemptEndsAt} IS NOT NULL AND ${job.heartbeatSeconds} IS NOT NULL
  THEN (SELECT beats FROM job_group WHERE job_group.id = ${job.groupId}) END`;
