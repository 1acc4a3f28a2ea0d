import type { Query } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import { COLUMNS, storedValues } from "./group-columns.ts";

/**
 * The revision of a new group, or an error when the workspace has as many groups as it may. A group that is there already
 * is a repeat, which another error tells.
 */
const WITHIN_QUOTA = `CASE WHEN EXISTS (SELECT 1 FROM job_group WHERE id = ? AND workspace = ?)
    OR (SELECT coalesce(sum(groups), 0) FROM job_group_count WHERE workspace = ?) < ?
    THEN ? ELSE json('over quota') END`;

const FIRST_COLUMNS = new Set(["id", "workspace", "revision"]);
const FURTHER_COLUMNS = [...COLUMNS].filter(([key]) => !FIRST_COLUMNS.has(key));

/**
 * Stores a new group. Put together here and not by drizzle, for the reason that `updateGroup` gives. Half of the columns have
 * the values that the table gives them by itself, and are left out.
 */
export function insertGroup(group: CommittedGroup, quota: number | undefined): Query {
  const { id, workspace, revision } = group;
  const isBounded = quota !== undefined;
  let names = '"id", "workspace", "revision"';
  let values = `?, ?, ${isBounded ? WITHIN_QUOTA : "?"}`;
  const params: unknown[] = [
    id,
    workspace,
    ...(isBounded ? [id, workspace, workspace, quota] : []),
    revision,
  ];
  const stored = storedValues(group);
  for (const [key, { name, byItself, encode }] of FURTHER_COLUMNS) {
    const value = stored[key];
    if (value === undefined || value === byItself) continue;
    names += `, ${name}`;
    values += ", ?";
    params.push(encode(value));
  }
  return { sql: `INSERT INTO job_group (${names}) VALUES (${values})`, params };
}
