import { type SQL, sql } from "drizzle-orm";
import { among, type Db, runBatch } from "../db.ts";
import { OF_ROW } from "../job-keys.ts";

/** Groups of one page, and rows deleted by one statement: a row has some 70 KB at the most. */
const [GROUPS, ROWS] = [50, 500];

/**
 * Deletes rows of a workspace from a database that is not its home, a few at a time. `false` when the time is over before
 * nothing is left.
 */
export async function removeWorkspace(
  db: Db,
  workspace: string,
  isOver: () => boolean,
): Promise<boolean> {
  for (;;) {
    const [page] = await runBatch<{ id: string }>(db, [
      sql`SELECT id FROM job_group WHERE workspace = ${workspace} LIMIT ${GROUPS}`,
    ]);
    const ids = among((page?.results ?? []).map(({ id }) => id));
    if ((page?.results.length ?? 0) === 0) break;
    const jobs = sql`SELECT job.key FROM job_group CROSS JOIN job ON ${sql.raw(OF_ROW)} WHERE job_group.id IN ${ids}`;
    for (const rows of [
      sql`DELETE FROM job WHERE key IN (${jobs} LIMIT ${ROWS})`,
      byKey("delivery", "group_id, id", sql`group_id IN ${ids}`),
    ]) {
      if (!(await deleteAll(db, rows, isOver))) return false;
    }
    await runBatch(db, [sql`DELETE FROM job_group WHERE id IN ${ids}`]);
    if (isOver()) return false;
  }
  const ofWorkspace = sql`workspace = ${workspace}`;
  for (const [table, key] of OTHERS) {
    if (!(await deleteAll(db, byKey(table, key, ofWorkspace), isOver))) return false;
  }
  return true;
}

const OTHERS = [
  ["receipt", "workspace, operation, key_hash, group_id"],
  ["webhook", "id"],
  ["document_removal", "workspace, group_id, document_key"],
  ["claim_filter", "workspace, id"],
  ["claim_line", "workspace, filter_id, rank, place, group_id"],
] as const;

const byKey = (table: string, key: string, where: SQL): SQL => {
  const columns = sql.raw(key);
  const name = sql.raw(table);
  return sql`DELETE FROM ${name} WHERE (${columns}) IN (SELECT ${columns} FROM ${name} WHERE ${where} LIMIT ${ROWS})`;
};

async function deleteAll(db: Db, statement: SQL, isOver: () => boolean): Promise<boolean> {
  for (;;) {
    const [deleted] = await runBatch(db, [statement]);
    if ((deleted?.meta.changes ?? 0) === 0) return true;
    if (isOver()) return false;
  }
}
