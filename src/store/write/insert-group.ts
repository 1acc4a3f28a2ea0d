import type { Query } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import { columnOf, encoded, storedValues } from "./group-columns.ts";

/**
 * The revision of a new group, or an error when the workspace has as many groups as it may. A group that is there already
 * is a repeat, which another error tells.
 */
const WITHIN_QUOTA = `CASE WHEN EXISTS (SELECT 1 FROM job_group WHERE id = ? AND workspace = ?)
    OR (SELECT coalesce(sum(groups), 0) FROM job_group_count WHERE workspace = ?) < ?
    THEN ? ELSE json('over quota') END`;

/** Stores a new group. Put together here and not by drizzle, for the reason that `updateGroup` gives. */
export function insertGroup(group: CommittedGroup, quota: number | undefined): Query {
  const { id, workspace, revision, ...rest } = storedValues(group);
  const columns = Object.keys(rest).map(columnOf);
  const values = Object.values(rest);
  const names = columns.map(({ name }) => `"${name}"`).join(", ");
  const isBounded = quota !== undefined;
  return {
    sql: `INSERT INTO job_group ("id", "workspace", "revision", ${names})
      VALUES (?, ?, ${isBounded ? WITHIN_QUOTA : "?"}, ${columns.map(() => "?").join(", ")})`,
    params: [
      id,
      workspace,
      ...(isBounded ? [id, workspace, workspace, quota] : []),
      revision,
      ...columns.map((column, nth) => encoded(column, values[nth])),
    ],
  };
}
