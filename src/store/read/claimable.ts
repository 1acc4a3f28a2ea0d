import { and, asc, eq, gte, inArray, isNotNull, lte, notInArray, sql } from "drizzle-orm";
import type { ClaimReason } from "../../domain/commands.ts";
import { type Group, PRIORITIES } from "../../domain/group.ts";
import type { Db } from "../db.ts";
import { jobGroup } from "../schema.ts";

const OPEN = ["queued", "processing"] as const;

/** The `claim_rank` column: set while one of the group's jobs may be leased, now or when it is due. */
export function claimRankOf(group: Group): number | null {
  const open = OPEN.some((status) => status === group.status);
  const hasRoom = group.processingJobs < group.parallelJobs;
  if (group.claimableAt === null || !open || !hasRoom) return null;
  return PRIORITIES.length - 1 - PRIORITIES.indexOf(group.priority);
}

/** Named, so that SQLite never goes through all groups for the few that have work. */
const claimable = sql`${jobGroup} INDEXED BY job_group_claimable`;
const inLine = isNotNull(jobGroup.claimRank);

/** Groups with a job that may be leased now: highest priority first, then oldest. */
export async function readClaimableGroups(
  db: Db,
  workspace: string,
  except: readonly string[],
  now: number,
): Promise<string[]> {
  const [rows] = await db.batch([
    db
      .select({ id: sql<string>`${jobGroup.id}`.as("id") })
      .from(claimable)
      .where(
        and(
          eq(jobGroup.workspace, workspace),
          inLine,
          lte(jobGroup.claimableAt, now),
          except.length === 0 ? undefined : notInArray(jobGroup.id, [...except]),
        ),
      )
      .orderBy(asc(jobGroup.claimRank), asc(jobGroup.createdAt), asc(jobGroup.id))
      .limit(10),
  ]);
  return rows.map(({ id }) => id);
}

/** Why no group of the workspace has a job to lease, and when the next one will. */
export async function readClaimReason(
  db: Db,
  workspace: string,
): Promise<{ reason: ClaimReason; retryAt: number | null }> {
  const inWorkspace = eq(jobGroup.workspace, workspace);
  const [[backingOff], [full]] = await db.batch([
    db
      .select({ retryAt: sql<number | null>`min(${jobGroup.claimableAt})`.as("retry_at") })
      .from(claimable)
      .where(and(inWorkspace, inLine)),
    db
      .select({ id: jobGroup.id })
      .from(jobGroup)
      .where(
        and(
          inWorkspace,
          inArray(jobGroup.status, OPEN),
          isNotNull(jobGroup.claimableAt),
          gte(jobGroup.processingJobs, jobGroup.parallelJobs),
        ),
      )
      .limit(1),
  ]);
  const retryAt = backingOff?.retryAt ?? null;
  if (retryAt !== null) return { reason: "backing_off", retryAt };
  return { reason: full === undefined ? "nothing_queued" : "parallel_limit", retryAt: null };
}
