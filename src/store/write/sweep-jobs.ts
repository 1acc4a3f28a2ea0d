import { and, eq, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import type { Sweep } from "../../domain/state.ts";
import type { Db, Write } from "../db.ts";
import { WHOLE_HISTORY } from "./append-history.ts";
import { assertCancelled, assertChanged, chosenJobs } from "./chosen-jobs.ts";
import { job } from "../schema.ts";

/** Changes all jobs that a sweep means with one statement. The domain changes the loaded ones. */
export function sweepJobs(db: Db, { id, workspace }: Group, sweep: Sweep, now: number): Write[] {
  const ofGroup = and(eq(job.groupId, id), eq(job.workspace, workspace));
  if (sweep.kind === "cancelled") {
    return [assertCancelled({ workspace, groupId: id }, sweep.jobIds, now)];
  }
  if (sweep.kind === "retry") {
    const retried = db
      .update(job)
      .set({
        status: "queued",
        attempts: 0,
        availableAt: 0,
        error: null,
        errorCode: null,
        completedAt: null,
        updatedAt: now,
        history: sql.raw(WHOLE_HISTORY),
      })
      .where(chosenJobs({ workspace, groupId: id }, sweep.choice));
    return sweep.choice === null ? [retried] : [retried, assertChanged(sweep.jobs)];
  }
  const cancelled = db
    .update(job)
    .set({
      status: "cancelled",
      leaseOutcome: sql`CASE ${job.status} WHEN 'processing' THEN 'voided' ELSE ${job.leaseOutcome} END`,
      attemptEndsAt: null,
      availableAt: null,
      completedAt: now,
      updatedAt: now,
    })
    .where(sql`${ofGroup} AND ${job.status} IN ('queued', 'processing')`);
  return [cancelled];
}
