import type {
  ClaimJobs,
  Command,
  CompleteJob,
  FailJob,
  ReleaseJob,
} from "../../src/domain/commands.ts";
import type { GroupInput, GroupStatus } from "../../src/domain/group.ts";
import type { JobStatus, LeaseOutcome } from "../../src/domain/job.ts";

export interface ModelJob {
  readonly id: string;
  readonly jobNumber: string | null;
  status: JobStatus;
  attempts: number;
  availableAt: number | null;
  leaseId: string | null;
  leaseOutcome: LeaseOutcome | null;
  leaseExpiresAt: number | null;
}

export type Expected = { refused: string } | { reply: object | null };

export const GROUP_INPUT: GroupInput = {
  name: "Model",
  description: null,
  batchNumber: null,
  template: "t-1",
  priority: "medium",
  parallelJobs: 3,
  retryCount: 2,
  timeoutMinutes: 30,
  onCompletion: false,
  onFailure: true,
  recipients: [],
  createdBy: null,
  assignedTo: null,
  tags: [],
  metadata: "{}",
};

const SETTLED = { complete: "completed", fail: "failed", release: "released" } as const;

/**
 * The contract once more, as plainly as can be: an array of jobs, and counters that are never kept but
 * counted. Leases are expected to end in "0000", which makes the back-off's jitter nothing.
 */
export class Model {
  status: GroupStatus = "created";
  run = 1;
  jobs: ModelJob[] = [];
  settings = { parallelJobs: 3, retryCount: 2, timeoutMinutes: 30 };
  totalPages = 0;
  totalCostMicros = 0;
  currency: string | null = null;
  startedAt: number | null = null;
  completedAt: number | null = null;

  in(...states: JobStatus[]): ModelJob[] {
    return this.jobs.filter(({ status }) => states.includes(status));
  }

  /** The group's row as it must be stored. */
  group() {
    const { status, run, totalPages, totalCostMicros, currency, startedAt, completedAt } = this;
    const money = { totalPages, totalCostMicros, currency };
    return { status, run, ...money, startedAt, completedAt, ...this.counters(), ...this.settings };
  }

  counters() {
    return {
      totalJobs: this.jobs.length,
      pendingJobs: this.in("queued", "processing").length,
      processingJobs: this.in("processing").length,
      completedJobs: this.in("completed").length,
      failedJobs: this.in("failed").length,
      cancelledJobs: this.in("cancelled").length,
    };
  }

  apply(command: Command, now: number): Expected {
    this.expire(now);
    const expected = this.#change(command, now);
    this.#end(now);
    return expected;
  }

  expire(now: number): void {
    for (const job of this.in("processing")) {
      const at = job.leaseExpiresAt ?? 0;
      if (at <= now) this.#fail(job, true, "voided", at);
    }
    this.#end(now);
  }

  #change(command: Command, now: number): Expected {
    switch (command.kind) {
      case "add":
        return this.#add(command);
      case "claim":
        return this.#claim(command, now);
      case "complete":
      case "fail":
      case "release":
        return this.#report(command, now);
      case "open":
        if (this.status === "cancelled") return { refused: "GROUP_CANCELLED" };
        if (this.jobs.length === 0) return { refused: "GROUP_EMPTY" };
        if (this.status === "created") this.status = "queued";
        return { reply: {} };
      case "cancel":
        if (this.#finished()) return { refused: "GROUP_FINISHED" };
        if (this.status === "cancelled") return { reply: {} };
        for (const job of this.in("queued", "processing")) {
          if (job.status === "processing") job.leaseOutcome = "voided";
          Object.assign(job, { status: "cancelled", leaseExpiresAt: null, availableAt: null });
        }
        Object.assign(this, { status: "cancelled", completedAt: now });
        return { reply: {} };
      case "retry":
        if (this.status === "cancelled") return { refused: "GROUP_CANCELLED" };
        if (this.in("failed").length === 0) return { refused: "NOTHING_TO_RETRY" };
        this.#reopen();
        for (const job of this.in("failed")) {
          Object.assign(job, { status: "queued", attempts: 0, availableAt: 0 });
        }
        return { reply: {} };
      case "update": {
        const { parallelJobs, retryCount, timeoutMinutes } = command.input;
        this.settings = { parallelJobs, retryCount, timeoutMinutes };
        return { reply: {} };
      }
      case "create":
      case "delete":
      case "expire":
        throw new Error(`the model knows no ${command.kind}`);
    }
  }

  #add({ jobs, idSuffix }: Command & { kind: "add" }): Expected {
    if (this.status === "cancelled") return { refused: "GROUP_CANCELLED" };
    const before = this.jobs.length;
    const all = jobs.map(({ jobNumber }) => {
      const twin = this.jobs.find((job) => jobNumber !== null && job.jobNumber === jobNumber);
      if (twin !== undefined) return twin;
      const id = this.jobs.length.toString(16).padStart(5, "0") + idSuffix;
      const none = { availableAt: null, leaseId: null, leaseOutcome: null, leaseExpiresAt: null };
      this.jobs.push({ id, jobNumber, status: "queued", attempts: 0, ...none });
      return this.jobs.at(-1);
    });
    const added = this.jobs.length - before;
    if (added > 0) this.#reopen();
    const shown = all.map((job) => ({ jobId: job?.id, status: job?.status }));
    return { reply: { added, existing: all.length - added, jobs: shown } };
  }

  #claim({ maxJobs, leaseIds }: Omit<ClaimJobs, "kind">, now: number) {
    const none = (reason: string, retryAt: number | null = null) => ({
      reply: { leases: [] as object[], reason, retryAt },
    });
    if (this.status === "created") return none("not_released");
    if (this.#finished() || this.status === "cancelled") return none("finished");
    const queued = this.in("queued");
    if (queued.length === 0) return none("nothing_queued");
    const room = this.settings.parallelJobs - this.in("processing").length;
    if (room <= 0) return none("parallel_limit");
    const due = queued.filter(({ availableAt }) => (availableAt ?? 0) <= now);
    if (due.length === 0) {
      return none("backing_off", Math.min(...queued.map(({ availableAt }) => availableAt ?? 0)));
    }
    if (this.status === "queued") this.startedAt ??= now;
    this.status = "processing";
    const leaseExpiresAt = now + this.settings.timeoutMinutes * 60_000;
    const leases = due.slice(0, Math.min(room, maxJobs)).map((job, index) => {
      const leaseId = leaseIds[index] ?? "";
      Object.assign(job, { status: "processing", attempts: job.attempts + 1, availableAt: null });
      Object.assign(job, { leaseId, leaseOutcome: null, leaseExpiresAt });
      return { jobId: job.id, leaseId, attempt: job.attempts, leaseExpiresAt };
    });
    return { reply: { leases: leases as object[], reason: null, retryAt: null } };
  }

  #report(command: CompleteJob | FailJob | ReleaseJob, now: number): Expected {
    const job = this.jobs.find(({ id }) => id === command.jobId);
    if (job === undefined) return { refused: "JOB_NOT_FOUND" };
    if (job.leaseId !== command.leaseId || job.leaseOutcome === "voided") {
      return { refused: "LEASE_LOST" };
    }
    const repeated = job.leaseOutcome !== null;
    if (repeated && job.leaseOutcome !== SETTLED[command.kind]) {
      return { refused: "OUTCOME_CONFLICT" };
    }
    if (!repeated) {
      if (command.kind === "fail") this.#fail(job, command.retryable, "failed", now);
      if (command.kind === "release") {
        this.#leave(job, "queued", "released");
        Object.assign(job, { availableAt: 0, attempts: job.attempts - 1 });
      }
      if (command.kind === "complete" && !this.#complete(job, command)) {
        return { refused: "CURRENCY_MISMATCH" };
      }
    }
    this.#end(now);
    const next = command.kind === "complete" ? this.#next(command, repeated, now) : undefined;
    const group = { status: this.status, ...this.counters() };
    const outcome = repeated ? "duplicate" : "applied";
    const { id: jobId, status, attempts: attempt } = job;
    return { reply: { jobId, status, attempt, outcome, group, ...(next && { next }) } };
  }

  #next({ nextLeaseId }: CompleteJob, repeated: boolean, now: number) {
    if (nextLeaseId === undefined) return undefined;
    if (!repeated) {
      return this.#claim({ workerId: "w", maxJobs: 1, leaseIds: [nextLeaseId] }, now).reply;
    }
    const held = this.in("processing").find(({ leaseId }) => leaseId === nextLeaseId);
    return held && { leases: [{ jobId: held.id, leaseId: nextLeaseId }] };
  }

  #complete(job: ModelJob, { currency, pages, costMicros }: CompleteJob): boolean {
    if (currency !== null && this.currency !== null && currency !== this.currency) return false;
    if (costMicros !== null) this.currency ??= currency ?? "USD";
    this.totalPages += pages ?? 0;
    this.totalCostMicros += costMicros ?? 0;
    this.#leave(job, "completed", "completed");
    return true;
  }

  #fail(job: ModelJob, retryable: boolean, how: "failed" | "voided", at: number): void {
    const again = retryable && job.attempts <= this.settings.retryCount;
    this.#leave(job, again ? "queued" : "failed", how);
    const wait = Math.min(300_000, 5_000 * 2 ** (job.attempts - 1));
    if (again) job.availableAt = at + wait;
  }

  #leave(job: ModelJob, status: JobStatus, leaseOutcome: LeaseOutcome): void {
    Object.assign(job, { status, leaseOutcome, leaseExpiresAt: null });
  }

  #finished = () => this.status === "completed" || this.status === "failed";

  #reopen(): void {
    if (!this.#finished()) return;
    Object.assign(this, { status: "queued", completedAt: null, run: this.run + 1 });
  }

  #end(now: number): void {
    if (this.status !== "queued" && this.status !== "processing") return;
    if (this.in("queued", "processing").length > 0) return;
    this.status = this.in("completed").length > 0 ? "completed" : "failed";
    this.completedAt = now;
  }
}
