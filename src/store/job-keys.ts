import { type Query, type SQL, sql } from "drizzle-orm";
import type { GroupKey } from "../domain/group.ts";
import { MAX_SEQUENCE, sequenceOf } from "../domain/job.ts";

/**
 * The key of a job is the number of its group's row, and in the lowest bits its sequence number in the group. So a group's
 * jobs lie together, in the order of their ids, without an index beside the table. A larger row than an index would hold
 * stays in its page. 33 bits are left for the number of the group's row.
 *
 * The number of a row may be given to another group once its group is deleted, and another database has other numbers: the
 * fence of a commit compares it, and every statement compares the id of the group or of the job too.
 */
const SEQUENCE_BITS = Math.log2(MAX_SEQUENCE);

/** The group whose jobs are meant. Its row is looked up when its number is `null`. */
export interface Owner extends Pick<GroupKey, "groupId"> {
  readonly rowid: number | null;
}

/** The number of the group's row, as text with its parameters. */
export const rowQuery = ({ groupId, rowid }: Owner): Query =>
  rowid === null
    ? { sql: "(SELECT rowid FROM job_group WHERE id = ?)", params: [groupId] }
    : { sql: "?", params: [rowid] };

const rowOf = ({ groupId, rowid }: Owner): SQL =>
  rowid === null ? sql`(SELECT rowid FROM job_group WHERE id = ${groupId})` : sql`${rowid}`;

/** The key with a sequence number, for the row of a group. All three are SQL. */
export const keyText = (row: string, sequence: string): string =>
  `((${row} << ${SEQUENCE_BITS}) + ${sequence})`;

/** SQL for the sequence number in a job's id, which JSON5 reads as a hexadecimal number. */
export const sequenceText = (id: string): string => `(('0x' || substr(${id}, 1, 5)) ->> '$')`;

const keyAt = (row: SQL, sequence: SQL | number): SQL =>
  sql`((${row} << ${sql.raw(String(SEQUENCE_BITS))}) + ${sequence})`;

/** The key of the job with this id. The caller compares the id too, because it may be any text. */
export const keyOfJob = (owner: Owner, jobId: string): SQL =>
  keyAt(rowOf(owner), sequenceOf(jobId));

/** The keys of the jobs with these ids, for `IN`. */
export const keysOfJobs = (owner: Owner, jobIds: readonly string[]): SQL =>
  sql`(SELECT ${keyAt(rowOf(owner), sql`value`)} FROM json_each(${JSON.stringify(jobIds.map(sequenceOf))}))`;

/** Sequence numbers from the first one on, and before the second. */
export interface SequenceRange {
  readonly from?: number | SQL;
  readonly before?: number | SQL | undefined;
}

const inRange = (row: SQL, { from = 0, before = MAX_SEQUENCE }: SequenceRange): SQL =>
  sql`job.key >= ${keyAt(row, from)} AND job.key < ${keyAt(row, before)}`;

/**
 * A range may reach beyond the group's keys. The sign keeps away the indexes that begin with the group: they have its jobs
 * in another order.
 */
const guarded = (groupId: string): SQL => sql`+job.group_id = ${groupId}`;

/** The condition that a row is a job of the group, in a statement that cannot join the group's row. */
export const isOfGroup = (owner: Owner, range: SequenceRange = {}): SQL =>
  sql`${inRange(rowOf(owner), range)} AND ${guarded(owner.groupId)}`;

/** `FROM … WHERE` for the jobs of a group. The group's row is met once, and is named `owner`. */
export function fromJobs(owner: Owner, range: SequenceRange = {}): SQL {
  return owner.rowid === null
    ? sql`FROM ${joined(owner.groupId)} WHERE ${inOwner(range)} AND ${guarded(owner.groupId)}`
    : sql`FROM job WHERE ${isOfGroup(owner, range)}`;
}

/** The group's row as `owner`, beside the table of jobs. */
export const joined = (groupId: string): SQL =>
  sql`(SELECT rowid, fresh_from FROM job_group WHERE id = ${groupId}) AS owner CROSS JOIN job`;

/** The condition that a row is a job of the row of `job_group` at hand, as text. */
export const OF_ROW = `job.key >= ${keyText("job_group.rowid", "0")}
  AND job.key < ${keyText("job_group.rowid", String(MAX_SEQUENCE))}`;

/** The sequence number in a key. */
export const sequenceOfKey = (key: SQL): SQL =>
  sql`(${key} & ${sql.raw(String(MAX_SEQUENCE - 1))})`;

/** The condition that a row is a job of the group whose row is named `owner`. */
export const inOwner = (range: SequenceRange = {}): SQL => inRange(sql`owner.rowid`, range);
