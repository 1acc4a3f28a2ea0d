import { and, asc, desc, eq, gte, inArray, isNotNull, lte, notInArray, sql } from "drizzle-orm";
import type { ClaimReason } from "../domain/commands.ts";
import type { Db } from "./db.ts";
import { jobGroup } from "./schema.ts";

/** In the words of the partial index on claimable groups, so that SQLite uses it. */
const open = sql`${jobGroup.dueAt} IS NOT NULL AND ${jobGroup.status} IN ('queued', 'processing')`;
const hasRoom = sql`${jobGroup.processingJobs} < ${jobGroup.parallelJobs}`;

/** Groups with a job that may be leased now: highest priority first, then oldest. */
export async function readClaimableGroups(
  db: Db,
  workspace: string,
  except: readonly string[],
  now: number,
): Promise<string[]> {
  const rows = await db
    .select({ id: jobGroup.id })
    .from(jobGroup)
    .where(
      and(
        eq(jobGroup.workspace, workspace),
        open,
        hasRoom,
        lte(jobGroup.dueAt, now),
        except.length === 0 ? undefined : notInArray(jobGroup.id, [...except]),
      ),
    )
    .orderBy(desc(jobGroup.priority), asc(jobGroup.createdAt), asc(jobGroup.id))
    .limit(10);
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
      .select({ retryAt: sql<number | null>`min(${jobGroup.dueAt})` })
      .from(jobGroup)
      .where(and(inWorkspace, open, hasRoom)),
    db
      .select({ id: jobGroup.id })
      .from(jobGroup)
      .where(
        and(
          inWorkspace,
          inArray(jobGroup.status, ["queued", "processing"]),
          isNotNull(jobGroup.dueAt),
          gte(jobGroup.processingJobs, jobGroup.parallelJobs),
        ),
      )
      .limit(1),
  ]);
  const retryAt = backingOff?.retryAt ?? null;
  if (retryAt !== null) return { reason: "backing_off", retryAt };
  return { reason: full === undefined ? "nothing_queued" : "parallel_limit", retryAt: null };
}
