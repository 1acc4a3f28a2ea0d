import { type SQL, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import { RECEIPT_LIFETIME_MS } from "../../domain/receipt.ts";
import { NO_WORKSPACE, REMOVED_AT_ONCE } from "../../domain/removal.ts";
import { type Db, runBatch } from "../db.ts";
import { fromJobs, isOfGroup, OF_ROW, type Owner, sequenceOfKey } from "../job-keys.ts";
import { JOB_BYTES } from "./chosen-jobs.ts";

/** The most rows and bytes that one statement deletes. Receipts of large adds are long. */
const STEP = { rows: 2_000, bytes: REMOVED_AT_ONCE.bytes, receipts: 500 };

const MOST = REMOVED_AT_ONCE;
const atMost = (most: number, rows: string) =>
  `(SELECT count(*) FROM (SELECT 1 FROM ${rows} WHERE group_id = job_group.id LIMIT ${most + 1})) <= ${most}`;

/** SQL that is true while all that belongs to a row of `job_group` may be deleted in one commit. */
export const IS_SMALL = `(total_jobs <= ${MOST.jobs}
    AND ${atMost(MOST.notices, "delivery")} AND ${atMost(MOST.receipts, "receipt INDEXED BY receipt_by_group")}
    AND (total_jobs <= ${MOST.uncountedJobs} OR (SELECT coalesce(sum(${JOB_BYTES}), 0)
      FROM job WHERE ${OF_ROW}) <= ${MOST.bytes}))`;

/**
 * Begins the removal of a group, in the batch that hides its row. The receipt of its creation stays without its reply,
 * and does not expire before the removal is over: until then no group may be created with the same id.
 */
export const beginRemoval = ({ id, workspace }: Group, now: number): SQL[] => [
  sql`INSERT INTO group_removal (group_id, workspace, begun_at) VALUES (${id}, ${workspace}, ${now})`,
  sql`UPDATE receipt SET expires_at = NULL, reply = 'null'
    WHERE group_id = ${id} AND operation = 'createJobGroup' AND workspace = ${workspace}`,
];

/** The kinds of rows that go before the group's own, in their order. */
export const REMOVED_KINDS = ["delivery", "receipt", "job"] as const;
export type RemovedKind = (typeof REMOVED_KINDS)[number];

/** Deletes some rows of a group that is being removed. Resolves to their number: 0 when none of the kind are left. */
export async function removeSome(db: Db, groupId: string, kind: RemovedKind): Promise<number> {
  const [done] = await runBatch(db, [STATEMENTS[kind](groupId)]);
  return done?.meta.changes ?? 0;
}

/** Rows go only if their group is being removed, so a step that comes late deletes nothing of another group. */
const isRemoved = (groupId: string): SQL =>
  sql`EXISTS (SELECT 1 FROM group_removal WHERE group_removal.group_id = ${groupId})`;

/** The sequence number behind the first jobs that are small enough together, of which the first is always one. */
const endOfStep = (owner: Owner): SQL => sql`(SELECT ${sequenceOfKey(sql`max(key)`)} + 1 FROM (
    SELECT key, sum(bytes) OVER (ORDER BY key ROWS UNBOUNDED PRECEDING) - bytes AS bytes_before FROM (
      SELECT key, ${sql.raw(JOB_BYTES)} AS bytes ${fromJobs(owner)} ORDER BY key LIMIT ${STEP.rows}))
  WHERE bytes_before < ${STEP.bytes})`;

const STATEMENTS: Record<RemovedKind, (groupId: string) => SQL> = {
  delivery: (
    groupId,
  ) => sql`DELETE FROM delivery WHERE ${isRemoved(groupId)} AND group_id = ${groupId}
    AND id <= (SELECT max(id) FROM (SELECT id FROM delivery WHERE group_id = ${groupId} ORDER BY id LIMIT ${STEP.rows}))`,
  receipt: (groupId) => sql`DELETE FROM receipt WHERE ${isRemoved(groupId)}
    AND (workspace, operation, key_hash, group_id) IN (SELECT workspace, operation, key_hash, group_id
      FROM receipt INDEXED BY receipt_by_group
      WHERE group_id = ${groupId} AND operation <> 'createJobGroup' LIMIT ${STEP.receipts})`,
  job: (groupId) => {
    const owner = { groupId, rowid: null };
    return sql`DELETE FROM job WHERE ${isRemoved(groupId)} AND ${isOfGroup(owner, { before: endOfStep(owner) })}`;
  },
};

/**
 * Deletes the hidden row of a group that has nothing left, and ends its removal. Resolves to false when rows were there
 * all the same: a commit of another copy of the object may have come between.
 */
export async function endRemoval(db: Db, groupId: string, now: number): Promise<boolean> {
  const isGone = sql`NOT EXISTS (SELECT 1 FROM job_group WHERE id = ${groupId})`;
  const [, , removal] = await runBatch(db, [
    sql`DELETE FROM job_group WHERE id = ${groupId} AND workspace = ${NO_WORKSPACE}
      AND NOT EXISTS (SELECT 1 FROM job WHERE ${sql.raw(OF_ROW)})
      AND NOT EXISTS (SELECT 1 FROM delivery WHERE group_id = ${groupId})`,
    sql`UPDATE receipt SET expires_at = ${now + RECEIPT_LIFETIME_MS}
      WHERE group_id = ${groupId} AND operation = 'createJobGroup' AND ${isGone}`,
    sql`DELETE FROM group_removal WHERE group_id = ${groupId} AND ${isGone}`,
  ]);
  return removal?.meta.changes !== 0;
}
