import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import type { Job } from "../../domain/job.ts";
import type { Sweep } from "../../domain/state.ts";
import type { Db } from "../db.ts";
import { job } from "../schema.ts";

/** Far below D1's 2 MB a parameter, also when every character takes three bytes. */
const CHUNK_CHARACTERS = 400_000;

const columns = getTableColumns(job);
type Key = keyof Job;
const INSERTED = Object.keys(columns).filter(
  (key) => key !== "groupId" && key !== "workspace",
) as Key[];
const NEVER_CHANGED: ReadonlySet<Key> = new Set([
  "id",
  "jobNumber",
  "documentName",
  "documentUrl",
  "documentType",
  "metadata",
  "createdAt",
]);
const CHANGED = INSERTED.filter((key) => !NEVER_CHANGED.has(key));

const name = (key: Key) => columns[key].name;
const field = (index: number) => `json_extract(value, '$[${index}]')`;
const list = (parts: string[]) => sql.raw(parts.join(", "));
const NAMES = list(INSERTED.map(name));
const FIELDS = list(INSERTED.map((_, index) => field(index)));
const FIRST = list([field(0)]);

/** Inserts all jobs with one JSON parameter a statement: D1 binds at most 100 values. */
export const insertJobs = (groupId: string, workspace: string, jobs: readonly Job[]) =>
  chunks(jobs, INSERTED).map(
    (json) =>
      sql`INSERT INTO job (group_id, workspace, ${NAMES})
      SELECT ${groupId}, ${workspace}, ${FIELDS} FROM json_each(${json})`,
  );

/**
 * Rewrites what can change of each job. `extractedData` is set once and never loaded: it is kept. Were the
 * changes not materialized with the group's id, SQLite would go through all jobs of the group for them.
 */
export const updateJobs = (groupId: string, workspace: string, jobs: readonly Job[]) =>
  chunks(jobs, ["id", ...CHANGED]).map(
    (json) =>
      sql`WITH changed AS MATERIALIZED
        (SELECT ${groupId} AS group0, ${FIRST} AS id0, value FROM json_each(${json}))
      UPDATE job SET ${ASSIGNMENTS} FROM changed
      WHERE job.group_id = changed.group0 AND job.id = changed.id0 AND job.workspace = ${workspace}`,
  );

function assignment(key: Key, index: number): string {
  const value = field(index + 1);
  return `${name(key)} = ${key === "extractedData" ? `coalesce(${value}, ${name(key)})` : value}`;
}
const ASSIGNMENTS = list(CHANGED.map(assignment));

/** The set-sized changes: the same as `SWEEPS` in the domain, for every row at once. */
export function sweepJobs(db: Db, { id, workspace }: Group, sweep: Sweep, now: number) {
  const ofGroup = and(eq(job.groupId, id), eq(job.workspace, workspace));
  if (sweep === "retry") {
    return db
      .update(job)
      .set({
        status: "queued",
        attempts: 0,
        availableAt: 0,
        error: null,
        completedAt: null,
        updatedAt: now,
      })
      .where(sql`${ofGroup} AND ${job.status} = 'failed'`);
  }
  return db
    .update(job)
    .set({
      status: "cancelled",
      leaseOutcome: sql`CASE ${job.status} WHEN 'processing' THEN 'voided' ELSE ${job.leaseOutcome} END`,
      leaseExpiresAt: null,
      availableAt: null,
      completedAt: now,
      updatedAt: now,
    })
    .where(sql`${ofGroup} AND ${job.status} IN ('queued', 'processing')`);
}

function chunks(jobs: readonly Job[], keys: readonly Key[]): string[] {
  const done: string[] = [];
  let rows: string[] = [];
  let size = 0;
  for (const job of jobs) {
    const row = JSON.stringify(keys.map((key) => job[key]));
    if (size > 0 && size + row.length > CHUNK_CHARACTERS) {
      done.push(`[${rows.join()}]`);
      rows = [];
      size = 0;
    }
    rows.push(row);
    size += row.length;
  }
  if (rows.length > 0) done.push(`[${rows.join()}]`);
  return done;
}
