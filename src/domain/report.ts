import { countFinish, failAttempt, requeue } from "./attempts.ts";
import { claim, heldLease, replyWith } from "./claim.ts";
import type { ClaimReply, CompleteJob, FailJob, ReleaseJob, ReportReply } from "./commands.ts";
import { countersOf } from "./group.ts";
import type { Job, LeaseOutcome } from "./job.ts";
import {
  type Decision,
  type LiveState,
  patchGroup,
  patchJob,
  refuse,
  withConsequences,
} from "./state.ts";

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
  if (command.kind !== "complete")
    return applied(withConsequences(withdraw(state, job, command, now), now), job);

  const currency = state.group.currency ?? command.currency ?? "USD";
  if (command.currency !== null && command.currency !== currency) {
    const detail = `The group's costs are in ${currency}; this report is in ${command.currency}.`;
    return refuse("CURRENCY_MISMATCH", detail);
  }
  const completed = withConsequences(complete(state, job, command, currency, now), now);
  if (command.nextLeaseId === undefined) return applied(completed, job);
  const wanted = { workerId: job.workerId ?? "", maxJobs: 1, leaseIds: [command.nextLeaseId] };
  const claimed = claim(completed, wanted, now);
  return applied(claimed.state, job, claimed.reply);
}

const leaseLost = (job: Job): string =>
  job.leaseOutcome === "voided"
    ? "The lease was voided, by its time-out or by a cancellation. Drop the result and claim again."
    : "The lease is not the job's current one. Drop the result and claim again.";

function repeated(
  state: LiveState,
  job: Job,
  settled: LeaseOutcome,
  command: Report,
): Decision<ReportReply> {
  if (settled === OUTCOMES[command.kind]) {
    // A repeat grants no new lease, because nobody may be waiting for its answer.
    const wanted = command.kind === "complete" ? command.nextLeaseId : undefined;
    const held = wanted === undefined ? undefined : heldLease(state, wanted);
    const next = held && replyWith([held]);
    return { ok: true, state, reply: reply(state, job, "duplicate", next) };
  }
  return refuse("OUTCOME_CONFLICT", `This lease has already reported the job ${settled}.`);
}

function withdraw(state: LiveState, job: Job, command: FailJob | ReleaseJob, now: number) {
  if (command.kind === "fail") {
    const { error, retryable } = command;
    return failAttempt(state, job, { error, retryable, leaseOutcome: "failed", at: now }, now);
  }
  const released: Partial<Job> = {
    attempts: job.attempts - 1,
    leaseOutcome: "released",
    attemptEndsAt: null,
  };
  return requeue(state, job, released, 0, now);
}

function complete(
  state: LiveState,
  job: Job,
  command: CompleteJob,
  currency: string,
  now: number,
): LiveState {
  const { pages, costMicros, confidence, extractedData } = command;
  const hasCost = costMicros !== null;
  const processingMs = Math.max(0, now - (job.leasedAt ?? now));
  const done = patchJob(
    state,
    job,
    {
      status: "completed",
      leaseOutcome: "completed",
      attemptEndsAt: null,
      error: null,
      pages,
      costMicros,
      currency: hasCost ? currency : null,
      confidence,
      extractedData,
      processingMs,
      completedAt: now,
    },
    now,
  );
  const { group } = done;
  const counted = patchGroup(done, {
    totalPages: group.totalPages + (pages ?? 0),
    totalCostMicros: group.totalCostMicros + (costMicros ?? 0),
    currency: hasCost ? currency : group.currency,
    totalProcessingMs: group.totalProcessingMs + processingMs,
  });
  return countFinish(counted, now);
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
