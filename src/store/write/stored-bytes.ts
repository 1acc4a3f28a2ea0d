import { type SQL, sql } from "drizzle-orm";

/**
 * Aborts the batch when the statements before it have stored more bytes of documents than the workspace may have. It sums over
 * the workspace's groups that have some: an entry of the index for each.
 */
export const assertRoom = (workspace: string, most: number | undefined): SQL[] =>
  most === undefined
    ? []
    : [
        sql`SELECT CASE WHEN coalesce(sum(stored_bytes), 0) <= ${most} THEN 1 ELSE json('over quota') END
          FROM job_group INDEXED BY job_group_stored WHERE workspace = ${workspace} AND stored_bytes > 0`,
      ];
