import { type SQL, sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { NO_WORKSPACE } from "../../domain/removal.ts";
import { type Db, runBatch } from "../db.ts";
import { keyText, sequenceText } from "../job-keys.ts";
import { isAtHome } from "./at-home.ts";
import { leaseEndSql } from "./lease-ends.ts";

export interface Looking {
  /** Groups are looked at in the order of their ids, from this one on. */
  readonly from: string;
  /** A lease or notice that is due before this time is overdue. */
  readonly before: number;
  /** The most groups that are looked at. */
  readonly page: number;
  /** The most groups that are found. */
  readonly limit: number;
}

/** Groups with a lease, a notice or a step of their cancel that is overdue. All are found through partial indexes. */
export async function readOverdueGroups(db: Db, looking: Looking): Promise<GroupKey[]> {
  const found = await runBatch<GroupKey>(db, [
    withOverdueLease(looking),
    withOverdueNotice(looking),
    withOverdueStep(looking),
  ]);
  return found.flatMap(({ results }) => results);
}

/** A group has at most ten leased jobs, and its row names them. */
const withOverdueLease = ({ from, before, page, limit }: Looking): SQL =>
  sql`SELECT running.id AS groupId, running.workspace FROM (
      SELECT rowid, id, workspace, leased_jobs, beats FROM job_group INDEXED BY job_group_processing
      WHERE status = 'processing' AND id >= ${from} ORDER BY id LIMIT ${page}
    ) AS running
    WHERE ${isAtHome(sql`running.workspace`)} AND EXISTS (
      SELECT 1 FROM json_each(running.leased_jobs) AS leased CROSS JOIN job
      WHERE job.key = ${sql.raw(keyText("running.rowid", sequenceText("leased.value")))}
        AND ${leaseEndSql(sql`running.beats`)} <= ${before})
    LIMIT ${limit}`;

const withOverdueStep = ({ from, before, limit }: Looking): SQL =>
  sql`SELECT id AS groupId, workspace FROM job_group INDEXED BY job_group_being_cancelled
    WHERE status = 'cancelled' AND pending_jobs > 0 AND id >= ${from} AND updated_at <= ${before}
      AND ${isAtHome(sql`workspace`)}
    ORDER BY id LIMIT ${limit}`;

/** Goes from group to group, one search in the index each, so a group with many notices costs no more than another. */
const withOverdueNotice = ({ from, before, page, limit }: Looking): SQL =>
  sql`WITH RECURSIVE waiting (id) AS (
      SELECT min(group_id) FROM delivery INDEXED BY delivery_due
        WHERE due_at IS NOT NULL AND group_id >= ${from}
      UNION ALL
      SELECT (SELECT min(group_id) FROM delivery INDEXED BY delivery_due
        WHERE due_at IS NOT NULL AND group_id > waiting.id)
      FROM waiting WHERE waiting.id IS NOT NULL LIMIT ${page}
    )
    SELECT job_group.id AS groupId, job_group.workspace FROM waiting CROSS JOIN job_group ON job_group.id = waiting.id
    WHERE job_group.workspace <> ${NO_WORKSPACE} AND ${isAtHome(sql`job_group.workspace`)} AND EXISTS (
      SELECT 1 FROM delivery INDEXED BY delivery_due WHERE group_id = waiting.id AND due_at <= ${before})
    LIMIT ${limit}`;
