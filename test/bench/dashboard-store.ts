import { globSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { keyText } from "../../src/store/job-keys.ts";
import { seed } from "./seed.ts";

/** Gives the seeded groups 150 jobs each, of which only the counters are stored. */
const COUNTERS = `UPDATE job_group SET total_jobs = 150, total_cost_micros = 1250000, started_at = created_at,
  completed_at = CASE WHEN status IN ('completed', 'failed', 'cancelled') THEN created_at + 600000 END,
  completed_jobs = CASE status WHEN 'completed' THEN 140 WHEN 'processing' THEN 60 ELSE 0 END,
  failed_jobs = CASE status WHEN 'completed' THEN 10 WHEN 'failed' THEN 150 ELSE 0 END,
  cancelled_jobs = CASE status WHEN 'cancelled' THEN 150 ELSE 0 END,
  processing_jobs = CASE status WHEN 'processing' THEN 3 ELSE 0 END,
  pending_jobs = CASE status WHEN 'processing' THEN 90 WHEN 'queued' THEN 150 WHEN 'created' THEN 150 ELSE 0 END`;

const NEWEST = "(SELECT id FROM job_group ORDER BY created_at DESC LIMIT 1)";

/** Of ten jobs five have completed, one has failed and four wait. */
const LARGE_GROUP = `UPDATE job_group SET name = 'All invoices of the year', status = 'processing', completed_at = NULL,
  total_jobs = :jobs, completed_jobs = :jobs / 2, failed_jobs = :jobs / 10, cancelled_jobs = 0, processing_jobs = 0,
  pending_jobs = :jobs - :jobs / 2 - :jobs / 10 WHERE id = ${NEWEST}`;
const JOBS = `WITH RECURSIVE
  number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < :jobs - 1),
  one AS (SELECT n, CASE WHEN n % 10 < 5 THEN 'completed' WHEN n % 10 < 6 THEN 'failed' ELSE 'queued' END AS state FROM number)
  INSERT INTO job (key, keyed, group_id, id, workspace, job_number, document_name, status, attempts, error, error_code, pages,
    cost_micros, currency, processing_ms, created_at, updated_at, completed_at)
  SELECT ${keyText("job_group.rowid", "n")}, 1, id, printf('%05x%019x', n, n), workspace, 'INV-' || n, 'invoice-' || n || '.pdf', state, state <> 'queued',
    iif(state = 'failed', 'The scan cannot be read', NULL), iif(state = 'failed', 'scan.blank', NULL),
    iif(state = 'completed', 2, NULL), iif(state = 'queued', NULL, 12500), iif(state = 'queued', NULL, 'USD'),
    iif(state = 'completed', 1500, NULL), created_at, created_at, iif(state = 'queued', NULL, created_at + n * 100)
  FROM job_group, one WHERE id = ${NEWEST}`;

/** Fills the database in a development server's folder, and answers the id of the group that has so many jobs. */
export function seedDashboard(folder: string, groups: number, jobs: number): string {
  const [file] = globSync(join(folder, "v3/d1/miniflare-D1DatabaseObject/*.sqlite"), {
    exclude: ["**/metadata.sqlite"],
  });
  if (file === undefined) throw new Error("no database was written");
  const database = new DatabaseSync(file);
  seed(database, groups);
  database.exec(COUNTERS);
  for (const statement of [LARGE_GROUP, JOBS]) database.prepare(statement).run({ jobs });
  const group = database.prepare(`SELECT ${NEWEST} AS id`).get();
  database.close();
  return String(group?.["id"]);
}
