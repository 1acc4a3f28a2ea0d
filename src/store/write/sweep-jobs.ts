import { type SQL, sql } from "drizzle-orm";
import type { Group, GroupKey } from "../../domain/group.ts";
import type { Sweep } from "../../domain/state.ts";
import type { Owner } from "../job-keys.ts";
import { WHOLE_HISTORY } from "./append-history.ts";
import { assertCancelled, assertChanged, chosenJobs } from "./chosen-jobs.ts";

/** Changes the stored jobs that a sweep means. The domain changes the loaded ones. */
export function sweepJobs(
  owner: Owner & GroupKey,
  { completedAt }: Group,
  sweep: Sweep,
  now: number,
): SQL[] {
  if (sweep.kind === "cancelled") return [assertCancelled(owner, sweep.jobIds, now)];
  const changed =
    sweep.kind === "retry" ? requeue(owner, sweep, now) : cancel(owner, sweep, completedAt, now);
  return sweep.jobs === null ? [changed] : [changed, assertChanged(sweep.jobs)];
}

function requeue(
  owner: Owner & GroupKey,
  { choice, range, jobs }: Extract<Sweep, { kind: "retry" }>,
  now: number,
): SQL {
  const values = sql`SET status = 'queued', attempts = 0, available_at = 0, error = NULL, error_code = NULL,
    completed_at = NULL, updated_at = ${now}, history = ${sql.raw(WHOLE_HISTORY)}`;
  // Every failed job: they are few, so their index finds them.
  return jobs === null
    ? sql`UPDATE job INDEXED BY job_failed ${values}
      WHERE group_id = ${owner.groupId} AND workspace = ${owner.workspace} AND status = 'failed'`
    : sql`UPDATE job ${values} WHERE ${chosenJobs(owner, choice, range)}`;
}

const WAITING = { statuses: ["queued", "processing"], jobIds: null, errorCodes: null } as const;

const cancel = (
  owner: Owner & GroupKey,
  { range }: Extract<Sweep, { kind: "cancel" }>,
  at: number | null,
  now: number,
): SQL =>
  sql`UPDATE job SET status = 'cancelled',
      lease_outcome = CASE status WHEN 'processing' THEN 'voided' ELSE lease_outcome END,
      lease_expires_at = NULL, available_at = NULL, completed_at = ${at}, updated_at = ${now}
    WHERE ${chosenJobs(owner, WAITING, range)}`;
