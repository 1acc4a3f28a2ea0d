import { join } from "node:path";
import { openCopy } from "./recount.ts";

const HELD_BY_GROUP = ["job", "delivery", "job_group_tag", "claim_line", "group_removal"];

/** All that a dead server has left of these groups, by table. The receipts of creations outlive their groups. */
export function remainsOf(folder: string, groups: readonly string[]): Record<string, number> {
  const db = openCopy(join(folder, "state", "d1"), folder);
  const ids = JSON.stringify(groups);
  const count = (table: string, key: string, where = "") =>
    Number(
      db
        .prepare(
          `SELECT count(*) AS n FROM ${table} WHERE ${key} IN (SELECT value FROM json_each(?)) ${where}`,
        )
        .get(ids)?.["n"],
    );
  const left = {
    ...Object.fromEntries(HELD_BY_GROUP.map((table) => [table, count(table, "group_id")])),
    job_group: count("job_group", "id"),
    receipt: count("receipt", "group_id", "AND operation <> 'createJobGroup'"),
    "seen groups": count("job_group", "id", "AND workspace <> ''"),
  };
  db.close();
  return left;
}

/** Groups whose counts by status and priority disagree with their rows. */
export function miscounted(folder: string): number {
  const db = openCopy(join(folder, "state", "d1"), folder);
  const counted =
    "SELECT workspace, status, priority, groups FROM job_group_count WHERE groups > 0";
  const real = "SELECT workspace, status, priority, count(*) FROM job_group GROUP BY 1, 2, 3";
  const unlike = [`${counted} EXCEPT ${real}`, `${real} EXCEPT ${counted}`];
  const found = unlike.flatMap((query) => db.prepare(query).all());
  db.close();
  return found.length;
}
