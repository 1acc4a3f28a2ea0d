import { sql } from "drizzle-orm";
import { among, type Db, runBatch } from "../db.ts";
import type { GroupCursor } from "../move-phases.ts";
import { delivery, documentRemoval, jobGroup, receipt, webhook } from "../schema.ts";
import { copyJobs } from "./copy-jobs.ts";
import { insertRows, readRows, type Row, ROWS } from "./copy-rows.ts";

/** Groups of one page. */
const GROUPS = 100;

export interface Copying {
  readonly from: Db;
  readonly to: Db;
  readonly workspace: string;
  /** The time of this run is over. The next one goes on. */
  readonly isOver: () => boolean;
}

/**
 * Copies the page of groups behind the cursor with their jobs and deliveries. Returns the cursor of its last group, `"end"`
 * when there is none, and `"unfinished"` when the time was over before.
 */
export async function copyGroups(
  copying: Copying,
  after: GroupCursor | null,
): Promise<GroupCursor | "end" | "unfinished"> {
  const { from, to, workspace } = copying;
  const { createdAt, id } = after ?? { createdAt: -1, id: "" };
  const groups = await readRows(
    from,
    jobGroup,
    sql`WHERE workspace = ${workspace} AND (created_at, id) > (${createdAt}, ${id})
      ORDER BY created_at, id LIMIT ${GROUPS}`,
  );
  const last = groups.at(-1);
  if (last === undefined) return "end";
  await insertRows(to, jobGroup, workspace, groups);
  const ids = groups.map((group) => String(group["id"]));
  if (!(await copyJobs(copying, groups))) return "unfinished";
  if (!(await copyDeliveries(copying, ids))) return "unfinished";
  return { createdAt: Number(last["created_at"]), id: String(last["id"]) };
}

/** Copies the deliveries of these groups, behind those copied already. `false` when the time is over before the end. */
async function copyDeliveries(
  { from, to, workspace, isOver }: Copying,
  groupIds: readonly string[],
): Promise<boolean> {
  const ofGroups = sql`group_id IN ${among(groupIds)}`;
  const [copied] = await runBatch<Row>(to, [
    sql`SELECT group_id, id FROM delivery WHERE ${ofGroups}
      ORDER BY group_id DESC, id DESC LIMIT 1`,
  ]);
  for (let last = copied?.results[0]; ;) {
    const behind = sql`(group_id, id) > (${last?.["group_id"] ?? ""}, ${last?.["id"] ?? ""})`;
    const tail = sql`WHERE ${ofGroups} AND ${behind} ORDER BY group_id, id LIMIT ${ROWS}`;
    const rows = await readRows(from, delivery, tail);
    await insertRows(to, delivery, workspace, rows);
    if (rows.length < ROWS) return true;
    if (isOver()) return false;
    last = rows.at(-1);
  }
}

/** Copies what belongs to no group. `false` when the time is over before the end. */
export async function copyRest({ from, to, workspace, isOver }: Copying): Promise<boolean> {
  const ofWorkspace = sql`WHERE workspace = ${workspace}`;
  for (const table of [webhook, documentRemoval]) {
    await insertRows(to, table, workspace, await readRows(from, table, ofWorkspace));
  }
  let last: Row | undefined;
  for (;;) {
    const behind = sql`(operation, key_hash, group_id) >
      (${last?.["operation"] ?? ""}, ${last?.["key_hash"] ?? ""}, ${last?.["group_id"] ?? ""})`;
    const tail = sql`${ofWorkspace} AND ${behind} ORDER BY operation, key_hash, group_id LIMIT ${ROWS}`;
    const rows = await readRows(from, receipt, tail);
    await insertRows(to, receipt, workspace, rows);
    if (rows.length < ROWS) return true;
    if (isOver()) return false;
    last = rows.at(-1);
  }
}
