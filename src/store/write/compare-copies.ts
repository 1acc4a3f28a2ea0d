import { type SQL, sql } from "drizzle-orm";
import { among, type Db, runBatch } from "../db.ts";
import type { GroupCursor } from "../move-phases.ts";
import { inOwner } from "../job-keys.ts";
import { counted } from "../read/recount.ts";

const GROUPS = 100;

/** Each group's row beside the count and the sums of its jobs and deliveries. */
const groupsBehind = (workspace: string, { createdAt, id }: GroupCursor): SQL =>
  sql`SELECT id, created_at, revision, beats, length(metadata) AS metadata,
      total_jobs, pending_jobs, processing_jobs, completed_jobs, failed_jobs, cancelled_jobs, total_cost_micros
    FROM job_group WHERE workspace = ${workspace} AND (created_at, id) > (${createdAt}, ${id})
    ORDER BY created_at, id LIMIT ${GROUPS}`;

/** Grouped by the id that finds the group's row, so that nothing is sorted. Keys are of one database alone. */
const jobsOf = (groupIds: readonly string[]): SQL =>
  sql`SELECT group_id, count(*) AS total_jobs,
      ${counted("queued", "processing")} AS pending_jobs,
      ${counted("processing")} AS processing_jobs,
      ${counted("completed")} AS completed_jobs,
      ${counted("failed")} AS failed_jobs,
      ${counted("cancelled")} AS cancelled_jobs,
      coalesce(sum(cost_micros), 0) AS total_cost_micros,
      sum(updated_at) AS moments, sum(length(extracted_data)) AS results, sum(length(metadata)) AS metadata,
      sum(length(history)) AS history, count(lease_id) AS leases, count(document_key) AS documents
    FROM (SELECT id AS owner_id, rowid FROM job_group WHERE id IN ${among(groupIds)}) AS owner
    CROSS JOIN job ON ${inOwner()} GROUP BY owner_id ORDER BY owner_id`;

const deliveriesOf = (groupIds: readonly string[]): SQL =>
  sql`SELECT group_id, id, status, attempts, due_at FROM delivery
    WHERE group_id IN ${among(groupIds)} AND status <> 'delivered' ORDER BY group_id, id`;

const COUNTERS = [
  "total_jobs",
  "pending_jobs",
  "processing_jobs",
  "completed_jobs",
  "failed_jobs",
  "cancelled_jobs",
  "total_cost_micros",
] as const;

type Row = Readonly<Record<string, unknown>>;

/**
 * Compares the page of groups behind the cursor in two databases, and recounts their jobs in the second. Returns the cursor of
 * its last group, `"end"` when there is none, or what is not alike.
 */
export async function compareGroups(
  from: Db,
  to: Db,
  workspace: string,
  after: GroupCursor | null,
): Promise<GroupCursor | "end" | { readonly fault: string }> {
  const cursor = after ?? { createdAt: -1, id: "" };
  const [here, there] = await Promise.all(
    [from, to].map(async (db) => {
      const [groups] = await runBatch<Row>(db, [groupsBehind(workspace, cursor)]);
      return groups?.results ?? [];
    }),
  );
  if (here === undefined || there === undefined) throw new Error("two databases were asked");
  if (!isAlike(here, there)) return { fault: `groups behind ${cursor.id} are not alike` };
  const last = there.at(-1);
  if (last === undefined) return "end";
  const ids = there.map(({ id }) => String(id));
  const [ours, theirs] = await Promise.all(
    [from, to].map((db) => runBatch<Row>(db, [jobsOf(ids), deliveriesOf(ids)])),
  );
  const rowsOf = (answers: readonly D1Result<Row>[] | undefined) =>
    answers?.map(({ results }) => results);
  if (!isAlike(rowsOf(ours), rowsOf(theirs))) {
    return { fault: `jobs or notices behind ${cursor.id} are not alike` };
  }
  const recounted = new Map(theirs?.[0]?.results.map((row) => [row["group_id"], row]));
  const wrong = there.find((group) => !isRecounted(group, recounted.get(group["id"])));
  if (wrong !== undefined) return { fault: `group ${String(wrong["id"])} does not add up` };
  return { createdAt: Number(last["created_at"]), id: String(last["id"]) };
}

const isRecounted = (group: Row, jobs: Row | undefined): boolean =>
  COUNTERS.every((counter) => group[counter] === (jobs?.[counter] ?? 0));

const isAlike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** `true` when the new home lacks nothing of what belongs to no group. The old one may have lost what ends by itself. */
export async function isRestCopied(from: Db, to: Db, workspace: string): Promise<boolean> {
  const counts = await Promise.all(
    [from, to].map(async (db) => {
      const [found] = await runBatch<Record<"counters" | "webhooks" | "receipts", unknown>>(db, [
        sql`SELECT
          (SELECT json_group_array(json_array(status, priority, groups)) FROM (SELECT * FROM job_group_count
            WHERE workspace = ${workspace} AND groups > 0 ORDER BY status, priority)) AS counters,
          (SELECT json_group_array(json_array(id, secret)) FROM (SELECT * FROM webhook
            WHERE workspace = ${workspace} ORDER BY id)) AS webhooks,
          (SELECT count(*) FROM receipt WHERE workspace = ${workspace}) AS receipts`,
      ]);
      return found?.results[0];
    }),
  );
  const [here, there] = counts;
  if (here === undefined || there === undefined) throw new Error("two databases were asked");
  return (
    here.counters === there.counters &&
    here.webhooks === there.webhooks &&
    Number(here.receipts) <= Number(there.receipts)
  );
}
