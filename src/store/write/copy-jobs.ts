import { sql } from "drizzle-orm";
import { among, type Db, runBatch } from "../db.ts";
import { inOwner, OF_ROW, sequenceOfKey } from "../job-keys.ts";
import { job } from "../schema.ts";
import { insertRows, readRows, type Row, ROWS } from "./copy-rows.ts";
import type { Copying } from "./copy-workspace.ts";

/** The jobs of one group from a sequence number on, and before another. */
type Range = readonly [groupId: string, from: number, before: number];

/** Copies the jobs of these groups, behind those copied already. `false` when the time is over before the end. */
export async function copyJobs(
  { from, to, workspace, isOver }: Copying,
  groups: readonly Row[],
): Promise<boolean> {
  const copied = await copiedTo(to, groups);
  const ranges = groups.map((group): Range => {
    const id = String(group["id"]);
    return [id, copied.get(id) ?? 0, Number(group["total_jobs"]) + Number(group["erased_jobs"])];
  });
  const all = portions(ranges);
  for (const [index, portion] of all.entries()) {
    await insertRows(to, job, workspace, await readJobs(from, portion));
    if (isOver() && index + 1 < all.length) return false;
  }
  return true;
}

/** The sequence number behind the last copied job, by group. The jobs of a group are copied in their order. */
async function copiedTo(to: Db, groups: readonly Row[]): Promise<ReadonlyMap<string, number>> {
  const ids = among(groups.map(({ id }) => String(id)));
  const last = sequenceOfKey(sql.raw(`(SELECT max(key) FROM job WHERE ${OF_ROW})`));
  const [found] = await runBatch<{ id: string; last: number | null }>(to, [
    sql`SELECT id, ${last} AS last FROM job_group WHERE id IN ${ids}`,
  ]);
  return new Map((found?.results ?? []).map(({ id, last }) => [id, last === null ? 0 : last + 1]));
}

/** Divides ranges into portions of at most `ROWS` sequence numbers. A number may belong to a deleted job. */
function portions(ranges: readonly Range[]): Range[][] {
  const all: Range[][] = [];
  let left = 0;
  for (const [id, from, before] of ranges) {
    for (let next = from; next < before;) {
      if (left === 0) {
        all.push([]);
        left = ROWS;
      }
      const end = Math.min(before, next + left);
      all.at(-1)?.push([id, next, end]);
      left -= end - next;
      next = end;
    }
  }
  return all;
}

const readJobs = (from: Db, ranges: readonly Range[]): Promise<readonly Row[]> =>
  readRows(
    from,
    job,
    sql`WHERE ${inOwner({ from: sql`owner.first`, before: sql`owner.behind` })}`,
    sql`(SELECT job_group.rowid, value ->> 1 AS first, value ->> 2 AS behind FROM json_each(${JSON.stringify(ranges)})
      CROSS JOIN job_group ON job_group.id = value ->> 0) AS owner CROSS JOIN`,
  );
