import { getTableColumns } from "drizzle-orm";
import type { Job } from "../domain/job.ts";
import { RowReader } from "./rows.ts";
import { job, jobGroup } from "./schema.ts";

const {
  rowid: _rowid,
  searchText: _searchText,
  claimRank: _claimRank,
  claimOrder: _claimOrder,
  recentRevisions: _recentRevisions,
  ...group
} = getTableColumns(jobGroup);
/** The columns that make a `CommittedGroup`. */
export const groupRows = new RowReader("job_group", group);

const {
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
