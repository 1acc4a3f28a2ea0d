import { type SQL, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import { ofGroup } from "../delivery-rows.ts";

/**
 * Deletes jobs, and what else shows them: the notices of their end, and the receipts of claims that leased
 * them. An end that has not been told yet is told no more.
 */
export const eraseJobs = ({ id, workspace }: Group, jobIds: readonly string[]): SQL[] =>
  jobIds.flatMap((jobId) => [
    sql`DELETE FROM job WHERE group_id = ${id} AND id = ${jobId} AND workspace = ${workspace}`,
    sql`DELETE FROM delivery WHERE ${ofGroup({ workspace, groupId: id })} AND event IN ('job.completed', 'job.failed')
      AND payload ->> '$.data.job.jobId' = ${jobId}`,
    sql`DELETE FROM receipt WHERE group_id = ${id} AND workspace = ${workspace}
      AND operation IN ('claimJobs', 'claimAnyJobs') AND instr(reply, ${jobId}) > 0`,
  ]);
