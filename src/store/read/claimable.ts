import { type SQL, sql } from "drizzle-orm";
import type { ClaimReason } from "../../domain/commands.ts";
import { type Group, PRIORITIES } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";

const OPEN = ["queued", "processing"] as const;
const RANKS = PRIORITIES.map((_, rank) => rank);

/**
 * The group's place in the index of claims: `claimRank` and, within it, `claimOrder`. Groups with a job that may
 * be leased at once have the ranks 0 (urgent) to 3 and stand by age. Groups whose jobs all back off have the
 * ranks 4 to 7 and stand by the time at which the first may be leased. All others have no place.
 */
export function placeInLine(group: Group): { claimRank: number | null; claimOrder: number | null } {
  const open = OPEN.some((status) => status === group.status);
  const hasRoom = group.processingJobs < group.parallelJobs;
  if (group.claimableAt === null || !open || !hasRoom) return { claimRank: null, claimOrder: null };
  const rank = PRIORITIES.length - 1 - PRIORITIES.indexOf(group.priority);
  return group.claimableAt === 0
    ? { claimRank: rank, claimOrder: group.createdAt }
    : { claimRank: rank + PRIORITIES.length, claimOrder: group.claimableAt };
}

export interface Candidate {
  readonly id: string;
  /** 0 is urgent. */
  readonly rank: number;
}

/** The index is named, so that SQLite never goes through all groups for the few that have work. */
const inLine = (workspace: string, ranks: SQL): SQL =>
  sql`FROM job_group INDEXED BY job_group_claimable WHERE workspace = ${workspace} AND claim_rank ${ranks}`;

/**
 * Groups with a job that may be leased now: highest priority first, then oldest. When more than `limit` groups of
 * one priority have just ceased to back off, those that have waited longest are among them.
 */
export async function readClaimableGroups(
  db: Db,
  workspace: string,
  limit: number,
  now: number,
): Promise<Candidate[]> {
  const ready = sql`SELECT * FROM (SELECT id, claim_rank AS rank, created_at ${inLine(workspace, sql`< ${RANKS.length}`)}
    ORDER BY claim_rank, claim_order, id LIMIT ${limit})`;
  const due = RANKS.map(
    (rank) => sql`SELECT * FROM (SELECT id, ${sql.raw(String(rank))}, created_at
      ${inLine(workspace, sql`= ${rank + RANKS.length}`)} AND claim_order <= ${now} ORDER BY claim_order LIMIT ${limit})`,
  );
  const [found] = await runBatch<Candidate>(db, [
    sql`${sql.join([ready, ...due], sql` UNION ALL `)} ORDER BY rank, created_at, id LIMIT ${limit}`,
  ]);
  return (found?.results ?? []).map(({ id, rank }) => ({ id, rank }));
}

/** Running groups that are looked at for one that has all its parallel jobs leased. */
const LOOKED_AT = 6;

/**
 * The reason why a claim over all groups leases nothing, and the time at which the next job may be leased. Only a
 * few running groups are looked at for `parallel_limit`: the answer to a processor that polls must stay cheap.
 */
export async function readClaimReason(
  db: Db,
  workspace: string,
  now: number,
): Promise<{ reason: ClaimReason; retryAt: number | null }> {
  const soonest = RANKS.map(
    (
      rank,
    ) => sql`SELECT * FROM (SELECT claim_order AS at ${inLine(workspace, sql`= ${rank + RANKS.length}`)}
      ORDER BY claim_order LIMIT 1)`,
  );
  const ready = sql`SELECT * FROM (SELECT 0 AS at ${inLine(workspace, sql`< ${RANKS.length}`)} LIMIT 1)`;
  const full = sql`SELECT 1 FROM (SELECT due_at, processing_jobs, parallel_jobs
    FROM job_group INDEXED BY job_group_by_status WHERE workspace = ${workspace} AND status = 'processing'
    ORDER BY created_at LIMIT ${LOOKED_AT}) WHERE due_at IS NOT NULL AND processing_jobs >= parallel_jobs`;
  const [next, isFull] = await runBatch<{ at: number | null }>(db, [
    sql`SELECT min(at) AS at FROM (${sql.join([ready, ...soonest], sql` UNION ALL `)})`,
    full,
  ]);
  const retryAt = next?.results[0]?.at ?? null;
  // Work that was free a moment ago is worth another try at once.
  if (retryAt !== null) return { reason: "backing_off", retryAt: Math.max(retryAt, now) };
  const reason = (isFull?.results.length ?? 0) > 0 ? "parallel_limit" : "nothing_queued";
  return { reason, retryAt: null };
}
