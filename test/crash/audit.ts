import { join } from "node:path";
import type { Json } from "../support/client.ts";
import { auditHistory } from "./audit-history.ts";
import { costOf, type Grant, type Ledger } from "./ledger.ts";
import { type GroupRow, type JobRow, jobsByGroup, openCopy, unlikeCounters } from "./recount.ts";

/**
 * Holds the rows a dead server left against its own counters and against what clients were told.
 * `ended`: every group must have ended. Answers the groups' rows.
 */
export function audit(folder: string, ledger: Ledger, ended = false): Map<string, GroupRow> {
  const db = openCopy(join(folder, "state", "d1"), folder);
  const groups = db
    .prepare("SELECT * FROM job_group WHERE workspace <> ''")
    .all() as unknown as GroupRow[];
  const jobsOf = jobsByGroup(db);
  for (const group of groups) {
    const jobs = jobsOf.get(group.id) ?? [];
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
  const unlike = unlikeCounters(group, jobs);
  if (unlike.length > 0) ledger.violate("counters unlike the rows", unlike, group);
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
    const isSilent = grant.silentAt < performance.now();
    const mayBeVoid = isSilent || ledger.cancelled.has(lease.jobId);
    if (sent === 0 && !held && !mayBeVoid) ledger.violate("acknowledged leases lost", lease, job);
    if (ledger.finished.get(lease.jobId) !== grant || ledger.isMoved(grant)) continue;
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
  for (const job of jobs) pages += pagesOfMoved(job, leases.get(job.id) ?? [], ledger);
  if (group.total_pages !== pages || group.total_cost_micros !== spent(all)) {
    ledger.violate("totals unlike the reports", pages, spent(all), group);
  }
  for (const { id, attempts: counted } of jobs) {
    const most = attempts.get(id) ?? 0;
    // A job that was run again counts from there; one whose lease was cancelled counts that, too.
    const isExact = !ledger.retried.has(group.id) && !ledger.runAgain.has(id);
    if (isExact ? counted !== most : counted > most) {
      ledger.violate("attempts miscounted", id, counted);
    }
  }
}

/** The pages of a job that operators have moved: it must have ended as its last lease did, or be cancelled. */
function pagesOfMoved(job: JobRow, leases: readonly Grant[], ledger: Ledger): number {
  const finished = ledger.finished.get(job.id);
  const last = leases.toSorted((a, b) => a.receivedAt - b.receivedAt).at(-1);
  if (last === undefined || finished === undefined || !ledger.isMoved(finished)) return 0;
  if (job.status === "cancelled" && ledger.cancelled.has(job.id)) return 0;
  const result = last.report?.kind === "complete" ? last.report : null;
  const isAsTold =
    job.status === (result === null ? "failed" : "completed") &&
    job.lease_id === last.lease.leaseId &&
    (result === null || job.pages === result.pages);
  if (!isAsTold) ledger.violate("acknowledged results lost", last, job);
  return result?.pages ?? 0;
}

/** Holds the last answer about each group against its row. */
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
