import { type SQL, sql } from "drizzle-orm";
import type { Lease } from "../../domain/replies.ts";
import { type Db, runBatch } from "../db.ts";
import { keyText, sequenceText } from "../job-keys.ts";

/** The SQL form of `leaseEnd` in `domain/lease.ts`, of a row of `job` and the beats of its group. */
export const leaseEndSql = (beats: SQL): SQL =>
  sql`CASE WHEN job.heartbeat_seconds IS NULL THEN job.lease_expires_at
    ELSE min(job.lease_expires_at, 1000 * job.heartbeat_seconds +
      max(job.leased_at, coalesce(${beats} ->> ('$."' || job.lease_id || '"'), 0))) END`;

const KEY = sql.raw(keyText("job_group.rowid", sequenceText("(asked.value ->> 1)")));

/** The present ends of those of the leases that are still held, by lease id. */
export async function readLeaseEnds(
  db: Db,
  workspace: string,
  leases: readonly Lease[],
): Promise<ReadonlyMap<string, number>> {
  const asked = JSON.stringify(leases.map((lease) => [lease.groupId, lease.jobId, lease.leaseId]));
  const [found] = await runBatch<{ id: string; at: number }>(db, [
    sql`SELECT job.lease_id AS id, ${leaseEndSql(sql`job_group.beats`)} AS at
      FROM json_each(${asked}) AS asked
      CROSS JOIN job_group ON job_group.id = asked.value ->> 0
      CROSS JOIN job ON job.key = ${KEY} AND job.id = asked.value ->> 1
      WHERE job.workspace = ${workspace} AND job_group.workspace = ${workspace}
        AND job.lease_id = asked.value ->> 2 AND job.lease_expires_at IS NOT NULL`,
  ]);
  return new Map((found?.results ?? []).map(({ id, at }) => [id, at]));
}
