import { type SQL, sql } from "drizzle-orm";
import type { ClaimReason } from "../../domain/replies.ts";
import { type Group, isOpen, PRIORITIES } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";

const RANKS = PRIORITIES.map((_, rank) => rank);

/**
 * The group's place in the index of claims: `claimRank` and, within it, `claimOrder`. Groups with a job that may
 * be leased at once have the ranks 0 (urgent) to 3 and stand by age. Groups whose jobs all back off have the
 * ranks 4 to 7 and stand by the time at which the first may be leased. All others have no place.
 */
export function placeInLine(group: Group): { claimRank: number | null; claimOrder: number | null } {
  const hasRoom = group.processingJobs < group.parallelJobs;
  if (group.claimableAt === null || !hasRoom || !isOpen(group) || group.pausedAt !== null)
    return { claimRank: null, claimOrder: null };
  const rank = PRIORITIES.length - 1 - PRIORITIES.indexOf(group.priority);
  return group.claimableAt === 0
    ? { claimRank: rank, claimOrder: group.createdAt }
    : { claimRank: rank + PRIORITIES.length, claimOrder: group.claimableAt };
}

/** The groups in line of a workspace, or those of them that a filter lets through. */
export interface Line {
  readonly workspace: string;
  readonly filterId?: string;
  /** The line of the filter may lack groups. It has the first ones of its order. */
  readonly isFilling?: boolean;
}

export type FilteredLine = Line & { readonly filterId: string };

export interface Candidate {
  readonly id: string;
  /** 0 is urgent. */
  readonly rank: number;
}

/** The rank of groups that have queued jobs and no room, in the line of a filter. */
const FULL_RANK = 2 * RANKS.length;
const [GROUP_COLUMNS, LINE_COLUMNS] = [
  {
    id: sql.raw("id"),
    rank: sql.raw("claim_rank"),
    place: sql.raw("claim_order"),
    createdAt: sql.raw("created_at"),
  },
  {
    id: sql.raw("group_id"),
    rank: sql.raw("rank"),
    place: sql.raw("place"),
    createdAt: sql.raw("(SELECT created_at FROM job_group WHERE id = group_id)"),
  },
];

const columnsOf = ({ filterId }: Line) => (filterId === undefined ? GROUP_COLUMNS : LINE_COLUMNS);

/** The index of groups is named, so that SQLite never goes through all of them for the few that have work. */
function inLine(line: Line, ranks: SQL): SQL {
  const { workspace, filterId } = line;
  const rows =
    filterId === undefined
      ? sql`job_group INDEXED BY job_group_claimable WHERE workspace = ${workspace}`
      : sql`claim_line WHERE workspace = ${workspace} AND filter_id = ${filterId}`;
  return sql`FROM ${rows} AND ${columnsOf(line).rank} ${ranks}`;
}

/**
 * Groups with a job that may be leased now: highest priority first, then oldest. When more than `limit` groups of
 * one priority have just ceased to back off, those that have waited longest are among them.
 */
export async function readClaimableGroups(
  db: Db,
  line: Line,
  limit: number,
  now: number,
): Promise<Candidate[]> {
  const { id, rank, place, createdAt } = columnsOf(line);
  // A group that does not back off has its place by age.
  const ready = sql`SELECT * FROM (SELECT ${id} AS id, ${rank} AS rank, ${place} AS age ${inLine(line, sql`< ${RANKS.length}`)}
    ORDER BY ${rank}, ${place}, ${id} LIMIT ${limit})`;
  const due = RANKS.map(
    (of) => sql`SELECT * FROM (SELECT ${id}, ${sql.raw(String(of))}, ${createdAt}
      ${inLine(line, sql`= ${of + RANKS.length}`)} AND ${place} <= ${now} ORDER BY ${place} LIMIT ${limit})`,
  );
  const [found] = await runBatch<Candidate>(db, [
    sql`${sql.join([ready, ...due], sql` UNION ALL `)} ORDER BY rank, age, id LIMIT ${limit}`,
  ]);
  return (found?.results ?? []).map(({ id, rank }) => ({ id, rank }));
}

/** Running groups that are looked at for one that has all its parallel jobs leased. */
const LOOKED_AT = 6;

/** Finds a group that has queued jobs and no room. The line of a filter holds such groups. */
const fullGroups = (line: Line): SQL =>
  line.filterId === undefined
    ? sql`SELECT 1 FROM (SELECT due_at, processing_jobs, parallel_jobs, paused_at
        FROM job_group INDEXED BY job_group_by_status WHERE workspace = ${line.workspace} AND status = 'processing'
        ORDER BY created_at LIMIT ${LOOKED_AT}) WHERE due_at IS NOT NULL AND processing_jobs >= parallel_jobs AND paused_at IS NULL`
    : sql`SELECT 1 ${inLine(line, sql`= ${FULL_RANK}`)} LIMIT 1`;

/**
 * The reason why a claim over all groups leases nothing, and the time at which the next job may be leased. Without a
 * filter only a few running groups are looked at for `parallel_limit`: the answer to a processor that polls must
 * stay cheap.
 */
export async function readClaimReason(
  db: Db,
  line: Line,
  now: number,
): Promise<{ reason: ClaimReason; retryAt: number | null }> {
  // The next claim goes on filling the line, and may find work.
  if (line.isFilling) return { reason: "backing_off", retryAt: now };
  const { place } = columnsOf(line);
  const soonest = RANKS.map(
    (
      rank,
    ) => sql`SELECT * FROM (SELECT ${place} AS at ${inLine(line, sql`= ${rank + RANKS.length}`)}
      ORDER BY ${place} LIMIT 1)`,
  );
  const ready = sql`SELECT * FROM (SELECT 0 AS at ${inLine(line, sql`< ${RANKS.length}`)} LIMIT 1)`;
  const [next, isFull] = await runBatch<{ at: number | null }>(db, [
    sql`SELECT min(at) AS at FROM (${sql.join([ready, ...soonest], sql` UNION ALL `)})`,
    fullGroups(line),
  ]);
  const retryAt = next?.results[0]?.at ?? null;
  // Work that was free a moment ago is worth another try at once.
  if (retryAt !== null) return { reason: "backing_off", retryAt: Math.max(retryAt, now) };
  const reason = (isFull?.results.length ?? 0) > 0 ? "parallel_limit" : "nothing_queued";
  return { reason, retryAt: null };
}
