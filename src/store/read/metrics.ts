import { sql } from "drizzle-orm";
import { type GroupStatus, PRIORITIES, type Priority } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";
import { isKept } from "../kept.ts";

export interface Metrics {
  readonly groups: readonly {
    readonly status: GroupStatus;
    readonly priority: Priority;
    readonly groups: number;
  }[];
  readonly pendingJobs: number;
  readonly processingJobs: number;
  readonly pausedGroups: number;
  /** The earliest time of last change among the groups with a claimable job; `null` when there is none. */
  readonly claimableSince: number | null;
  readonly deadNotifications: number;
}

/** Reads the figures of a workspace at one point in time. Finished groups are counted by their stored number. */
export async function readMetrics(db: Db, workspace: string): Promise<Metrics> {
  const [groups, open, claimable, dead] = await runBatch<Record<string, unknown>>(db, [
    sql`SELECT status, priority, groups FROM job_group_count WHERE workspace = ${workspace} AND groups > 0`,
    sql`SELECT coalesce(sum(pending_jobs), 0) AS pendingJobs, coalesce(sum(processing_jobs), 0) AS processingJobs,
        count(paused_at) AS pausedGroups
      FROM job_group INDEXED BY job_group_by_status
      WHERE workspace = ${workspace} AND status IN ('created', 'queued', 'processing')`,
    sql`SELECT min(updated_at) AS claimableSince FROM job_group INDEXED BY job_group_claimable
      WHERE workspace = ${workspace} AND claim_rank < ${PRIORITIES.length}`,
    sql`SELECT count(*) AS deadNotifications FROM delivery INDEXED BY delivery_dead
      WHERE workspace = ${workspace} AND status = 'dead' AND ${isKept(sql`delivery.group_id`)}`,
  ]);
  const [{ ...sums }, { ...since }, { ...lost }] = [open, claimable, dead].map(
    (found) => found?.results[0] ?? {},
  ) as [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>];
  return {
    groups: (groups?.results ?? []).map(({ status, priority, groups: number }) => ({
      status: status as GroupStatus,
      priority: PRIORITIES[Number(priority)] ?? "medium",
      groups: Number(number),
    })),
    ...(sums as Pick<Metrics, "pendingJobs" | "processingJobs" | "pausedGroups">),
    ...(since as Pick<Metrics, "claimableSince">),
    ...(lost as Pick<Metrics, "deadNotifications">),
  };
}
