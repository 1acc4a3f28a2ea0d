import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MAX_SEQUENCE, sequenceOf } from "../../src/domain/job.ts";

export interface GroupRow {
  rowid: number;
  id: string;
  status: string;
  leased_jobs: string;
  total_pages: number;
  total_cost_micros: number;
  [counter: string]: string | number | null;
}

export interface JobRow {
  key: number;
  group_id: string;
  id: string;
  job_number: string | null;
  status: string;
  attempts: number;
  lease_id: string | null;
  leased_at: number | null;
  worker_id: string | null;
  pages: number | null;
  cost_micros: number | null;
  history: string | null;
}

/** The counters, sums and lists of a group's row that disagree with the rows of its jobs. */
export function unlikeCounters(group: GroupRow, jobs: readonly JobRow[]): [string, unknown][] {
  const count = (...states: string[]) => jobs.filter((job) => states.includes(job.status)).length;
  const sum = (key: "pages" | "cost_micros", of = jobs) =>
    of.reduce((all, job) => all + (job[key] ?? 0), 0);
  // A job that is run again keeps its pages until another result replaces them.
  const completed = jobs.filter(({ status }) => status === "completed");
  const leased = jobs.filter(({ status }) => status === "processing").map(({ id }) => id);
  const rows = {
    total_jobs: jobs.length,
    pending_jobs: count("queued", "processing"),
    processing_jobs: leased.length,
    completed_jobs: count("completed"),
    failed_jobs: count("failed"),
    cancelled_jobs: count("cancelled"),
    cancelled_unclaimed: jobs.filter(
      ({ id, status }) => status === "cancelled" && sequenceOf(id) >= Number(group["fresh_from"]),
    ).length,
    total_pages: sum("pages", completed),
    total_cost_micros: sum("cost_micros"),
  };
  const unlike: [string, unknown][] = Object.entries(rows).filter(
    ([counter, value]) => group[counter] !== value,
  );
  const misplaced = jobs.filter(
    ({ key, id }) => key !== group.rowid * MAX_SEQUENCE + sequenceOf(id),
  );
  if (misplaced.length > 0) unlike.push(["keys", misplaced.map(({ id }) => id)]);
  const listed = (JSON.parse(group.leased_jobs) as string[]).toSorted();
  return listed.join() === leased.toSorted().join() ? unlike : [...unlike, ["leased_jobs", leased]];
}

/** Groups that are hidden and not noted as ones to be removed, and those that are noted and seen. */
const HALF_REMOVED = `SELECT job_group.id FROM job_group LEFT JOIN group_removal ON group_id = job_group.id
  WHERE (job_group.workspace = '') <> (group_id IS NOT NULL)`;

/** All jobs by the id that they have of their group, whatever their keys. */
export const jobsByGroup = (db: DatabaseSync): Map<string, JobRow[]> =>
  Map.groupBy(
    db.prepare("SELECT * FROM job").all() as unknown as JobRow[],
    ({ group_id }) => group_id,
  );

/** Recounts every group of a database. */
export function recount(db: DatabaseSync) {
  const groups = db
    .prepare("SELECT * FROM job_group WHERE workspace <> ''")
    .all() as unknown as GroupRow[];
  const jobsOf = jobsByGroup(db);
  let jobs = 0;
  const unlike = groups.flatMap((group) => {
    const rows = jobsOf.get(group.id) ?? [];
    jobs += rows.length;
    const found = unlikeCounters(group, rows);
    return found.length === 0 ? [] : [{ group, found }];
  });
  for (const group of db.prepare(HALF_REMOVED).all() as unknown as GroupRow[]) {
    unlike.push({ group, found: [["workspace", "half removed"]] });
  }
  return { groups: groups.length, jobs, unlike };
}

/** A copy in `folder` of the one of Miniflare's D1 databases that has groups, so that workerd itself has to recover what a kill has left. */
export function openCopy(d1: string, folder: string): DatabaseSync {
  const store = join(d1, "miniflare-D1DatabaseObject");
  const copy = join(folder, "copy");
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  const files = readdirSync(store).filter((name) => !name.startsWith("metadata"));
  // The shared-memory file is no part of the state: SQLite makes it anew from the log.
  const stored = files.filter((name) => !name.endsWith("-shm"));
  for (const name of stored) copyFileSync(join(store, name), join(copy, name));
  const databases = stored
    .filter((name) => name.endsWith(".sqlite"))
    .map((name) => new DatabaseSync(join(copy, name)));
  const hasGroups = (database: DatabaseSync) =>
    database.prepare("SELECT 1 FROM job_group LIMIT 1").get() !== undefined;
  const database = databases.find(hasGroups) ?? databases[0];
  if (database === undefined) throw new Error("no database was written");
  return database;
}
