import { type SQL, sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { ofGroup } from "../delivery-rows.ts";
import { keyOfJob, type Owner } from "../job-keys.ts";

/**
 * Deletes jobs, and what else shows them: the notices of their end, and the receipts of claims that leased
 * them. An end that has not been told yet is told no more.
 */
export const eraseJobs = (owner: Owner & GroupKey, jobIds: readonly string[]): SQL[] =>
  jobIds.flatMap((jobId) => [
    sql`DELETE FROM job WHERE key = ${keyOfJob(owner, jobId)}
      AND group_id = ${owner.groupId} AND id = ${jobId} AND workspace = ${owner.workspace}`,
    sql`DELETE FROM delivery WHERE ${ofGroup(owner)} AND event IN ('job.completed', 'job.failed')
      AND payload ->> '$.data.job.jobId' = ${jobId}`,
    sql`DELETE FROM receipt WHERE group_id = ${owner.groupId} AND workspace = ${owner.workspace}
      AND operation IN ('claimJobs', 'claimAnyJobs') AND instr(reply, ${jobId}) > 0`,
  ]);
