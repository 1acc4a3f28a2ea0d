import type { CompleteJob, FailJob, ReleaseJob } from "../../src/domain/commands.ts";
import type { Expense } from "../../src/domain/ended-attempt.ts";
import type { JobStatus, LeaseOutcome } from "../../src/domain/job.ts";
import { ModelGroup, type ModelJob } from "./model-group.ts";

const MINUTE = 60_000;
export const NOTHING = { pages: null, costMicros: null, currency: null };
export const NO_ERROR = { error: null, errorCode: null };

export type Report = CompleteJob | FailJob | ReleaseJob;

/** The ends of attempts, as the model sees them. */
export class ModelAttempts extends ModelGroup {
  /** Answers whether the report is possible. */
  settle(job: ModelJob, command: Report, now: number): boolean {
    if (command.kind === "release") {
      this.#release(job, command, now);
      return true;
    }
    const { currency, costMicros } = command;
    if (currency !== null && this.currency !== null && currency !== this.currency) return false;
    if (costMicros !== null) this.currency ??= currency ?? "USD";
    if (command.kind === "fail") this.#fail(job, command, "failed", now);
    else this.#complete(job, command, now);
    return true;
  }

  #release(job: ModelJob, { retryAfterSeconds, reason, unseen }: ReleaseJob, now: number): void {
    if (unseen) {
      this.#leave(job, "queued", "voided");
      Object.assign(job, { availableAt: 0, attempts: job.attempts - 1 });
      return;
    }
    job.deferrals++;
    if (job.deferrals % 100 === 0) {
      const error = reason ?? `The job was released ${job.deferrals} times.`;
      const failure = { ...NOTHING, error, errorCode: "deferred_too_often", retryable: true };
      const wait = { retryAfterSeconds: retryAfterSeconds || null };
      this.#fail(job, { ...failure, ...wait }, "failed", now, "released");
      return;
    }
    note(job, { ...NOTHING, endedAt: now, outcome: "released", error: reason });
    this.#leave(job, "queued", "released");
    const availableAt = retryAfterSeconds === 0 ? 0 : now + retryAfterSeconds * 1_000;
    Object.assign(job, { availableAt, attempts: job.attempts - 1 });
  }

  #complete(job: ModelJob, command: CompleteJob, now: number): void {
    this.#spend(job, command, { endedAt: now, outcome: "completed" });
    this.#leave(job, "completed", "completed");
    const processingMs = Math.max(0, now - (job.leasedAt ?? 0));
    Object.assign(job, { pages: command.pages, processingMs, ...NO_ERROR });
    this.announced.push(`job.completed ${job.id}`);
  }

  #fail(
    job: ModelJob,
    failure: Omit<FailJob, "kind" | "jobId" | "leaseId">,
    outcome: "failed" | "timed_out",
    at: number,
    leaseOutcome: LeaseOutcome = outcome === "failed" ? "failed" : "voided",
  ): void {
    const { error, errorCode, retryAfterSeconds } = failure;
    this.#spend(job, failure, { endedAt: at, outcome, error, errorCode });
    const again = failure.retryable && job.attempts <= this.settings.retryCount;
    this.#leave(job, again ? "queued" : "failed", leaseOutcome);
    Object.assign(job, { error, errorCode });
    const backOff = Math.min(300_000, 5_000 * 2 ** (job.attempts - 1));
    const wait = retryAfterSeconds === null ? backOff : retryAfterSeconds * 1_000;
    if (again) job.availableAt = at + wait;
    else this.announced.push(`job.failed ${job.id}`);
  }

  #spend(job: ModelJob, { pages, costMicros }: Expense, end: object): void {
    const currency = costMicros === null ? null : this.currency;
    note(job, { pages, costMicros, currency, ...end });
    if (costMicros === null) return;
    Object.assign(job, { costMicros: (job.costMicros ?? 0) + costMicros, currency });
  }

  #leave(job: ModelJob, status: JobStatus, leaseOutcome: LeaseOutcome): void {
    if (status !== "queued") this.results.push(status);
    this.beats.delete(job.leaseId ?? "");
    Object.assign(job, { status, leaseOutcome, attemptEndsAt: null });
  }

  timeOut(job: ModelJob, at: number): void {
    const isSilence = at < (job.attemptEndsAt ?? 0);
    const minutes = Math.round((at - (job.leasedAt ?? 0)) / MINUTE);
    const error = isSilence
      ? `The attempt timed out: no heartbeat for ${job.heartbeatSeconds} seconds.`
      : `The attempt timed out after ${minutes} minutes.`;
    const retryAfterSeconds = isSilence ? 0 : null;
    const failure = { ...NOTHING, error, errorCode: "timeout", retryAfterSeconds };
    this.#fail(job, { ...failure, retryable: true }, "timed_out", at);
  }
}

/** Writes the end of an attempt into the job's history. */
export function note(job: ModelJob, end: object): void {
  const { attempts: attempt, leasedAt } = job;
  job.ended.push({ attempt, leasedAt, ...NO_ERROR, ...end });
}
