import { database } from "./database.ts";

/** Gives a group so many notices, which were delivered to nobody in particular. */
export const addNotices = (group: string, count: number) =>
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO delivery (group_id, id, workspace, run, event, channel, destination, payload, status, attempts, created_at)
        SELECT job_group.id, 'n' || i, job_group.workspace, 1, 'job.failed', 'webhook', 'x', '{}', 'delivered', 1, 0
        FROM n, job_group WHERE job_group.id = ?`,
    )
    .bind(count, group)
    .run();
