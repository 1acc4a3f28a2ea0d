import type { Query } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import { columnOf, storedValues } from "./group-columns.ts";

/**
 * The revision of a new group, or an error when the workspace has as many groups as it may. A group that is there already
 * is a repeat, which another error tells.
 */
const WITHIN_QUOTA = `CASE WHEN EXISTS (SELECT 1 FROM job_group WHERE id = ? AND workspace = ?)
    OR (SELECT coalesce(sum(groups), 0) FROM job_group_count WHERE workspace = ?) < ?
    THEN ? ELSE json('over quota') END`;

/**
 * Stores a new group. A column whose value the table's default gives is left out: that is nearly half of them for most groups.
 * The text is put together here and not by drizzle, for the reason that `updateGroup` gives.
 */
export function insertGroup(group: CommittedGroup, quota: number | undefined): Query {
  const { id, workspace, revision, ...rest } = storedValues(group);
  const isBounded = quota !== undefined;
  let names = '"id", "workspace", "revision"';
  let values = `?, ?, ${isBounded ? WITHIN_QUOTA : "?"}`;
  const params = [id, workspace, ...(isBounded ? [id, workspace, workspace, quota] : []), revision];
  for (const [key, value] of Object.entries(rest)) {
    const { name, byDefault, encode } = columnOf(key);
    if (value === byDefault) continue;
    names += `, ${name}`;
    values += ", ?";
    params.push(encode(value));
  }
  return { sql: `INSERT INTO job_group (${names}) VALUES (${values})`, params };
}
