import type { Query } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import type { Beats } from "../../domain/lease.ts";
import { type Db, runBatch } from "../db.ts";
import { jobGroup } from "../schema.ts";

/** A group as far as the fence compares it. */
export interface Known {
  readonly revision: string | null;
  /** The number of its row, from which the keys of its jobs are computed. A moved group has another one, and its revision. */
  readonly rowid: number | null;
  readonly beats: Beats;
}

/**
 * The condition that nobody has written the group since it was read. A beat leaves the revision as it is, so the
 * beats are compared too: otherwise a copy that has not read a beat could expire the lease it has kept.
 */
export const isUnmoved = ({ revision, rowid, beats }: Known): Query => ({
  sql: `"revision" = ? AND "rowid" = ? AND "beats" = ?`,
  params: [revision, rowid, jobGroup.beats.mapToDriverValue(beats)],
});

/** Compares what is in memory with what is stored. Nothing in memory is never current. */
export async function isCurrent(
  db: Db,
  { group, ...known }: Known & { readonly group: Group | null },
): Promise<boolean> {
  if (group === null) return false;
  const unmoved = isUnmoved(known);
  const sql = `SELECT 1 FROM job_group WHERE "id" = ? AND "workspace" = ? AND ${unmoved.sql}`;
  const params = [group.id, group.workspace, ...unmoved.params];
  const [found] = await runBatch(db, [{ sql, params }]);
  return found?.results.length === 1;
}
