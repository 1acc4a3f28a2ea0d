import type { GroupInput, GroupStatus } from "../../src/domain/group.ts";
import type { JobStatus, LeaseOutcome } from "../../src/domain/job.ts";

/** A job as the model foresees it. */
export interface ModelJob {
  readonly id: string;
  readonly jobNumber: string | null;
  status: JobStatus;
  attempts: number;
  availableAt: number | null;
  leaseId: string | null;
  leaseOutcome: LeaseOutcome | null;
  leasedAt: number | null;
  attemptEndsAt: number | null;
  deferrals: number;
  error: string | null;
  errorCode: string | null;
  heartbeatSeconds: number | null;
  pages: number | null;
  costMicros: number | null;
  currency: string | null;
  processingMs: number | null;
  /** All attempts that have ended, oldest first. */
  readonly ended: object[];
}

export const NEVER_CLAIMED = {
  status: "queued",
  attempts: 0,
  availableAt: null,
  leaseId: null,
  leaseOutcome: null,
  leasedAt: null,
  attemptEndsAt: null,
  deferrals: 0,
  error: null,
  errorCode: null,
  heartbeatSeconds: null,
  pages: null,
  costMicros: null,
  currency: null,
  processingMs: null,
} as const;

type Settings = Pick<
  GroupInput,
  "parallelJobs" | "retryCount" | "timeoutMinutes" | "maxFailureRate" | "maxCostMicros"
>;

export const settingsOf = (input: Settings): Settings => ({
  parallelJobs: input.parallelJobs,
  retryCount: input.retryCount,
  timeoutMinutes: input.timeoutMinutes,
  maxFailureRate: input.maxFailureRate,
  maxCostMicros: input.maxCostMicros,
});

/** A group as the model sees it: an array of jobs, and counters that are never kept but counted. */
export class ModelGroup {
  isDeleted = false;
  status: GroupStatus = "created";
  run = 1;
  settings: Settings;
  currency: string | null = null;
  startedAt: number | null = null;
  completedAt: number | null = null;
  pausedAt: number | null = null;
  pauseReason: string | null = null;
  /** The `maxCostMicros` that has paused the group already. */
  spentLimit: number | null = null;
  /** The results of the jobs that have finished since the run began or was resumed. */
  results: JobStatus[] = [];
  readonly jobs: ModelJob[] = [];
  erasedJobs = 0;
  firstUnclaimed = 0;
  /** The last beat of each held lease that has beaten, by lease id. */
  readonly beats = new Map<string, number>();
  /** The notices of the group, in the order in which it caused them. */
  readonly announced: string[] = [];

  constructor(settings: Settings) {
    this.settings = settingsOf(settings);
  }

  in(...states: JobStatus[]): ModelJob[] {
    return this.jobs.filter(({ status }) => states.includes(status));
  }

  /** The end of the lease of a job in `processing`. */
  endOf({ leaseId, leasedAt, attemptEndsAt, heartbeatSeconds }: ModelJob): number {
    const lastBeat = this.beats.get(leaseId ?? "") ?? leasedAt ?? 0;
    const silence = heartbeatSeconds === null ? Infinity : lastBeat + heartbeatSeconds * 1_000;
    return Math.min(attemptEndsAt ?? 0, silence);
  }

  get isFinished(): boolean {
    return this.status === "completed" || this.status === "failed";
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

  /** The group as the model foresees it. */
  group() {
    const { status, run, currency, startedAt, completedAt, claimableAt, firstUnclaimed } = this;
    const totals = {
      totalPages: this.sum("pages"),
      totalCostMicros: this.sum("costMicros"),
      totalProcessingMs: this.sum("processingMs"),
    };
    const { erasedJobs } = this;
    const { pausedAt, pauseReason } = this;
    const times = { startedAt, completedAt, claimableAt, pausedAt, pauseReason };
    const { cancelledUnclaimed } = this;
    const claims = { firstUnclaimed, cancelledUnclaimed };
    const fields = { status, run, currency, ...times, ...claims, erasedJobs };
    return { ...fields, ...totals, ...this.counters(), ...this.settings };
  }

  /** The time from which a job may be claimed next; 0 when one could be at once. */
  get claimableAt(): number | null {
    const times = this.in("queued").map(({ availableAt }) => availableAt ?? 0);
    return times.length === 0 ? null : Math.min(...times);
  }

  get cancelledUnclaimed(): number {
    const all = this.jobs.length + this.erasedJobs - this.firstUnclaimed;
    return all - this.in("queued").filter(({ leaseId }) => leaseId === null).length;
  }

  /** The status of a group that has no job left. */
  get statusOfEnd(): "completed" | "failed" | "cancelled" {
    if (this.in("completed").length > 0) return "completed";
    return this.in("failed").length > 0 ? "failed" : "cancelled";
  }

  sum(of: "pages" | "costMicros" | "processingMs"): number {
    // A job that is run again keeps its pages until another result replaces them.
    const counted = of === "costMicros" ? this.jobs : this.in("completed");
    return counted.reduce((sum, job) => sum + (job[of] ?? 0), 0);
  }

  reopen(): void {
    if (!this.isFinished) return;
    Object.assign(this, { status: "queued", completedAt: null, run: this.run + 1, results: [] });
  }

  /** Ends a group that has no job left, and pauses one that fails too often or has cost too much. */
  follow(now: number): void {
    if (this.status !== "queued" && this.status !== "processing") return;
    if (this.in("queued", "processing").length === 0) {
      this.end(this.statusOfEnd, now);
      return;
    }
    if (this.pausedAt !== null) return;
    const { maxFailureRate, maxCostMicros } = this.settings;
    const last = this.results.slice(-50);
    const failures = last.filter((result) => result === "failed").length;
    if (maxFailureRate !== null && last.length >= 20 && failures / last.length > maxFailureRate) {
      this.hold("failure_rate", now);
    } else if (maxCostMicros !== null && this.spentLimit !== maxCostMicros) {
      if (this.sum("costMicros") < maxCostMicros) return;
      this.spentLimit = maxCostMicros;
      this.hold("max_cost", now);
    }
  }

  hold(pauseReason: string | null, now: number): void {
    Object.assign(this, { pausedAt: now, pauseReason });
    this.announced.push("job_group.paused");
  }

  end(status: "completed" | "failed" | "cancelled", now: number): void {
    Object.assign(this, { status, completedAt: now, pausedAt: null, pauseReason: null });
    this.announced.push(`job_group.${status}`);
  }
}
