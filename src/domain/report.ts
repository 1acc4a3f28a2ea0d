import { failAttempt } from "./attempts.ts";
import { claim, heldLease, replyWith } from "./claim.ts";
import type { CompleteJob, FailJob, ReleaseJob } from "./commands.ts";
import type { ClaimReply, ReportReply } from "./replies.ts";
import { complete } from "./complete.ts";
import { currencyFault } from "./expense.ts";
import { countersOf } from "./group.ts";
import type { Job, LeaseOutcome } from "./job.ts";
import { release } from "./release.ts";
import { type Decision, type LiveState, refuse, withConsequences } from "./state.ts";

type Report = CompleteJob | FailJob | ReleaseJob;

const OUTCOMES = { complete: "completed", fail: "failed", release: "released" } as const;

/**
 * Settles a lease. Only the current lease of the job may report. Once it has, it may repeat the same outcome,
 * which moves nothing.
 */
export function report(state: LiveState, command: Report, now: number): Decision<ReportReply> {
  const job = state.jobs.get(command.jobId);
  if (job === undefined) return refuse("JOB_NOT_FOUND", "The group has no job with this id.");
  if (job.leaseId !== command.leaseId || job.leaseOutcome === "voided") {
    return refuse("LEASE_LOST", leaseLost(job));
  }
  if (job.leaseOutcome !== null) return repeated(state, job, job.leaseOutcome, command);
  const fault = command.kind === "release" ? null : currencyFault(state.group, command);
  if (fault !== null) return refuse("CURRENCY_MISMATCH", fault);
  const settled = withConsequences(settle(state, job, command, now), now);
  if (command.kind !== "complete" || command.nextLeaseId === undefined) {
    return applied(settled, job);
  }
  const { workerId, heartbeatSeconds } = job;
  const wanted = {
    workerId: workerId ?? "",
    maxJobs: 1,
    leaseIds: [command.nextLeaseId],
    ...(heartbeatSeconds !== null && { heartbeatSeconds }),
  };
  const claimed = claim(settled, wanted, now);
  return applied(claimed.state, job, claimed.reply);
}

const leaseLost = (job: Job): string =>
  job.leaseOutcome === "voided"
    ? "The lease was voided, by its time-out or by a cancellation. Drop the result and claim again."
    : "The lease is not the job's current one. Drop the result and claim again.";

function repeated(
  state: LiveState,
  job: Job,
  reported: LeaseOutcome,
  command: Report,
): Decision<ReportReply> {
  if (reported === OUTCOMES[command.kind]) {
    // A repeat grants no new lease, because nobody may be waiting for its answer.
    const wanted = command.kind === "complete" ? command.nextLeaseId : undefined;
    const held = wanted === undefined ? undefined : heldLease(state, wanted);
    const next = held && replyWith([held]);
    return { ok: true, state, reply: reply(state, job, "duplicate", next) };
  }
  return refuse("OUTCOME_CONFLICT", `This lease has already reported the job ${reported}.`);
}

function settle(state: LiveState, job: Job, command: Report, now: number): LiveState {
  switch (command.kind) {
    case "complete":
      return complete(state, job, command, now);
    case "fail":
      return failAttempt(state, job, { ...command, leaseOutcome: "failed", at: now }, now);
    case "release":
      return release(state, job, command, now);
  }
}

function applied(state: LiveState, { id }: Job, next?: ClaimReply): Decision<ReportReply> {
  const job = state.jobs.get(id);
  if (job === undefined) throw new Error("the reported job vanished");
  return { ok: true, state, reply: reply(state, job, "applied", next) };
}

function reply(
  { group }: LiveState,
  job: Job,
  outcome: ReportReply["outcome"],
  next?: ClaimReply,
): ReportReply {
  return {
    jobId: job.id,
    status: job.status,
    attempt: job.attempts,
    outcome,
    group: { status: group.status, ...countersOf(group) },
    ...(next && { next }),
  };
}
