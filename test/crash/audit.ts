import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Json } from "../support/client.ts";
import { auditHistory } from "./audit-history.ts";
import { costOf, type Grant, type Ledger } from "./ledger.ts";

interface GroupRow {
  id: string;
  status: string;
  leased_jobs: string;
  total_pages: number;
  total_cost_micros: number;
  [counter: string]: string | number | null;
}

interface JobRow {
  id: string;
  job_number: string | null;
  status: string;
  attempts: number;
  lease_id: string | null;
  pages: number | null;
  cost_micros: number | null;
  history: string | null;
}

/**
 * Holds the rows a dead server left against its own counters and against what clients were told.
 * `ended`: every group must have ended. Answers the groups' rows.
 */
export function audit(folder: string, ledger: Ledger, ended = false): Map<string, GroupRow> {
  const db = openCopy(folder);
  const groups = db.prepare("SELECT * FROM job_group").all() as unknown as GroupRow[];
  const jobsOf = db.prepare("SELECT * FROM job WHERE group_id = ?");
  for (const group of groups) {
    const jobs = jobsOf.all(group.id) as unknown as JobRow[];
    auditCounters(group, jobs, ledger);
    auditJobs(group, jobs, ledger, ended);
    if (ended && group.status !== "completed" && group.status !== "failed") {
      ledger.violate("groups not ended", group);
    }
  }
  db.close();
  return new Map(groups.map((group) => [group.id, group]));
}

function auditCounters(group: GroupRow, jobs: readonly JobRow[], ledger: Ledger): void {
  const count = (...states: string[]) => jobs.filter((job) => states.includes(job.status)).length;
  const sum = (key: "pages" | "cost_micros") => jobs.reduce((all, job) => all + (job[key] ?? 0), 0);
  const leased = jobs.filter(({ status }) => status === "processing").map(({ id }) => id);
  const rows = {
    total_jobs: jobs.length,
    pending_jobs: count("queued", "processing"),
    processing_jobs: leased.length,
    completed_jobs: count("completed"),
    failed_jobs: count("failed"),
    cancelled_jobs: count("cancelled"),
    total_pages: sum("pages"),
    total_cost_micros: sum("cost_micros"),
  };
  const unlike = Object.entries(rows).filter(([counter, value]) => group[counter] !== value);
  const listed = (JSON.parse(group.leased_jobs) as string[]).toSorted();
  if (unlike.length > 0 || listed.join() !== leased.toSorted().join()) {
    ledger.violate("counters unlike the rows", unlike, listed, leased, group);
  }
}

function auditJobs(group: GroupRow, jobs: readonly JobRow[], ledger: Ledger, ended: boolean): void {
  const byId = new Map(jobs.map((job) => [job.id, job]));
  const numbers = new Set(jobs.map(({ job_number }) => job_number));
  for (const number of ledger.added.get(group.id) ?? []) {
    if (!numbers.has(number)) ledger.violate("acknowledged jobs lost", group.id, number);
  }
  const all = [...ledger.grants.values()].filter(({ lease }) => lease.groupId === group.id);
  const leases = Map.groupBy(all, ({ lease }) => lease.jobId);
  const spent = (grants: readonly Grant[]) =>
    grants.reduce((sum, { report }) => sum + (report === null ? 0 : costOf(report)), 0);
  const attempts = new Map<string, number>();
  let pages = 0;
  for (const grant of all) {
    const { lease, report, sent } = grant;
    const job = byId.get(lease.jobId);
    const counts = report?.kind === "release" ? 0 : 1;
    attempts.set(lease.jobId, (attempts.get(lease.jobId) ?? 0) + counts);
    const held = job?.status === "processing" && job.lease_id === lease.leaseId;
    if (sent === 0 && !held) ledger.violate("acknowledged leases lost", lease, job);
    if (ledger.finished.get(lease.jobId) !== grant) continue;
    const result = report?.kind === "complete" ? report : null;
    const kept =
      job?.status === (result === null ? "failed" : "completed") &&
      job.lease_id === lease.leaseId &&
      job.pages === (result?.pages ?? null) &&
      (job.cost_micros ?? 0) === spent(leases.get(lease.jobId) ?? []);
    if (!kept) ledger.violate("acknowledged results lost", grant, job);
    pages += result?.pages ?? 0;
  }
  for (const job of jobs) auditHistory(job, leases.get(job.id) ?? [], ledger, ended);
  if (!ended) return;
  if (group.total_pages !== pages || group.total_cost_micros !== spent(all)) {
    ledger.violate("totals unlike the reports", pages, spent(all), group);
  }
  for (const { id, attempts: counted } of jobs) {
    if (counted !== (attempts.get(id) ?? 0)) ledger.violate("attempts miscounted", id, counted);
  }
}

/** What the API showed of each group last must be what its row holds. */
export function auditAnswers(rows: ReadonlyMap<string, GroupRow>, answers: Json[], ledger: Ledger) {
  for (const { _id, statistics, ...group } of answers) {
    const row = rows.get(_id);
    const shown = {
      total_jobs: group.totalJobs,
      pending_jobs: group.pendingJobs,
      completed_jobs: group.completedJobs,
      failed_jobs: group.failedJobs,
      total_pages: statistics.totalPages,
      total_cost_micros: Math.round(statistics.totalCost * 1_000_000),
    };
    const unlike = Object.entries(shown).filter(([counter, value]) => row?.[counter] !== value);
    if (unlike.length > 0) ledger.violate("counters unlike the rows", unlike, row);
  }
}

/** A copy, so that workerd itself has to recover what the kill has left. */
function openCopy(folder: string): DatabaseSync {
  const store = join(folder, "state", "d1", "miniflare-D1DatabaseObject");
  const copy = join(folder, "copy");
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy);
  const files = readdirSync(store).filter((name) => !name.startsWith("metadata"));
  // The shared-memory file is no part of the state: SQLite makes it anew from the log.
  const stored = files.filter((name) => !name.endsWith("-shm"));
  for (const name of stored) copyFileSync(join(store, name), join(copy, name));
  const database = stored.find((name) => name.endsWith(".sqlite"));
  if (database === undefined) throw new Error("no database was written");
  return new DatabaseSync(join(copy, database));
}
