import type { Command } from "../../../src/domain/commands.ts";
import type { GroupInput, GroupStatus } from "../../../src/domain/group.ts";
import type { JobStatus } from "../../../src/domain/job.ts";

type Sent<Kind> = Extract<Command, { kind: Kind }>;
type Report = Sent<"complete" | "fail" | "release">;

interface ModelLease {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  ended: "completed" | "failed" | "released" | "voided" | null;
}

interface ModelJob {
  readonly id: string;
  readonly number: string | null;
  status: JobStatus;
  attempts: number;
  /** When it may be claimed; 0 for at once. */
  due: number;
  lease: ModelLease | null;
  result: { pages: number; cost: number; ms: number } | null;
}

const ENDS = { complete: "completed", fail: "failed", release: "released" } as const;

/** The contract said once more, naively: a list of jobs, and whatever can be counted is counted anew. */
export class Model {
  readonly jobs: ModelJob[] = [];
  currency: string | null = null;
  startedAt: number | null = null;
  /** What others want to know, in the order in which it happened. */
  readonly announced: string[] = [];
  #released = false;
  #cancelled = false;
  #claimedInRun = false;
  #ended = false;

  constructor(public settings: GroupInput) {}

  count = (...statuses: JobStatus[]): number =>
    this.jobs.filter(({ status }) => statuses.includes(status)).length;

  get status(): GroupStatus {
    if (this.#cancelled) return "cancelled";
    if (!this.#released) return "created";
    if (this.count("queued", "processing") > 0) return this.#claimedInRun ? "processing" : "queued";
    return this.count("completed") > 0 ? "completed" : "failed";
  }

  get finished(): boolean {
    return this.status === "completed" || this.status === "failed";
  }

  get claimableAt(): number | null {
    const queued = this.jobs.filter(({ status }) => status === "queued");
    return queued.length === 0 ? null : Math.min(...queued.map(({ due }) => due));
  }

  get firstUnclaimed(): number {
    const index = this.jobs.findIndex(({ lease }) => lease === null);
    return index < 0 ? this.jobs.length : index;
  }

  sum = (of: "pages" | "cost" | "ms"): number =>
    this.jobs.reduce((sum, { result }) => sum + (result?.[of] ?? 0), 0);

  expire(now: number): void {
    for (const job of this.jobs) {
      if (job.status !== "processing" || job.lease === null || job.lease.until > now) continue;
      job.lease.ended = "voided";
      this.#fail(job, true, job.lease.until);
    }
    this.#announceEnd();
  }

  /** What the command must be answered, in the words of `answerOf`. */
  apply(command: Command, now: number): unknown {
    const answer = this.#apply(command, now);
    this.#announceEnd();
    return answer;
  }

  #apply(command: Command, now: number): unknown {
    switch (command.kind) {
      case "update":
        this.settings = command.input;
        return "done";
      case "add":
        return this.#add(command);
      case "open":
        if (this.status === "cancelled") return "GROUP_CANCELLED";
        if (this.jobs.length === 0) return "GROUP_EMPTY";
        this.#released = true;
        return "done";
      case "claim":
        return this.#claim(command, now);
      case "complete":
      case "fail":
      case "release":
        return this.#report(command, now);
      case "cancel":
        return this.#cancel();
      case "retry":
        return this.#retry();
      case "expire":
      case "create":
      case "delete":
        return "done";
    }
  }

  #add({ jobs, idSuffix }: Sent<"add">): unknown {
    if (this.status === "cancelled") return "GROUP_CANCELLED";
    const [{ finished }, before] = [this, this.jobs.length];
    const ids = jobs.map(({ jobNumber }) => {
      const same = this.jobs.find(({ number }) => number !== null && number === jobNumber);
      if (same !== undefined) return same.id;
      const id = this.jobs.length.toString(16).padStart(5, "0") + idSuffix;
      const fresh = { status: "queued", attempts: 0, due: 0, lease: null, result: null } as const;
      this.jobs.push({ ...fresh, id, number: jobNumber });
      return id;
    });
    const added = this.jobs.length - before;
    if (finished && added > 0) this.#claimedInRun = false;
    return { added, existing: ids.length - added, ids };
  }

  #claim({ maxJobs, leaseIds }: Omit<Sent<"claim">, "kind">, now: number): unknown {
    const nothing = (reason: string, retryAt: number | null = null) => ({
      jobs: [],
      reason,
      retryAt,
    });
    if (this.status === "created") return nothing("not_released");
    if (this.finished || this.status === "cancelled") return nothing("finished");
    const room = this.settings.parallelJobs - this.count("processing");
    const queued = this.jobs.filter(({ status }) => status === "queued");
    const due = queued.filter((job) => job.due <= now);
    if (queued.length === 0) return nothing("nothing_queued");
    if (room <= 0) return nothing("parallel_limit");
    if (due.length === 0) return nothing("backing_off", this.claimableAt);
    const until = now + this.settings.timeoutMinutes * 60_000;
    const jobs = due.slice(0, Math.min(room, maxJobs)).map((job, index) => {
      const lease = { id: leaseIds[index] ?? "", from: now, until, ended: null };
      Object.assign(job, { status: "processing", attempts: job.attempts + 1, lease });
      return `${job.id} attempt ${job.attempts}`;
    });
    this.#claimedInRun = true;
    this.startedAt ??= now;
    return { jobs, reason: null, retryAt: null };
  }

  #report(command: Report, now: number): unknown {
    const job = this.jobs.find(({ id }) => id === command.jobId);
    if (job === undefined) return "JOB_NOT_FOUND";
    const { lease } = job;
    if (lease?.id !== command.leaseId || lease.ended === "voided") return "LEASE_LOST";
    const nextId = command.kind === "complete" ? command.nextLeaseId : undefined;
    if (lease.ended !== null) {
      if (lease.ended !== ENDS[command.kind]) return "OUTCOME_CONFLICT";
      const held = this.jobs.find(({ lease }) => lease?.id === nextId && lease?.ended === null);
      if (held === undefined) return "duplicate";
      const jobs = [`${held.id} attempt ${held.attempts}`];
      return { outcome: "duplicate", next: { jobs, reason: null, retryAt: null } };
    }
    if (command.kind === "complete") {
      const currency = this.currency ?? command.currency ?? "USD";
      if (command.currency !== null && command.currency !== currency) return "CURRENCY_MISMATCH";
      if (command.costMicros !== null) this.currency = currency;
      const cost = command.costMicros ?? 0;
      job.result = { pages: command.pages ?? 0, cost, ms: now - lease.from };
      job.status = "completed";
    } else if (command.kind === "fail") this.#fail(job, command.retryable, now);
    else Object.assign(job, { status: "queued", attempts: job.attempts - 1, due: 0 });
    lease.ended = ENDS[command.kind];
    if (nextId === undefined) return "applied";
    const claim = { workerId: "", maxJobs: 1, leaseIds: [nextId] };
    return { outcome: "applied", next: this.#claim(claim, now) };
  }

  #fail(job: ModelJob, retryable: boolean, at: number): void {
    job.status = retryable && job.attempts <= this.settings.retryCount ? "queued" : "failed";
    if (job.status === "failed") this.announced.push(`job.failed ${job.id}`);
    job.due = at + Math.min(300_000, 5_000 * 2 ** (job.attempts - 1));
  }

  #announceEnd(): void {
    const ended = this.finished || this.status === "cancelled";
    if (ended && !this.#ended) this.announced.push(`job_group.${this.status}`);
    this.#ended = ended;
  }

  #cancel(): unknown {
    if (this.finished) return "GROUP_FINISHED";
    for (const job of this.jobs) {
      if (job.status === "processing" && job.lease !== null) job.lease.ended = "voided";
      if (job.status === "queued" || job.status === "processing") job.status = "cancelled";
    }
    this.#cancelled = true;
    return "done";
  }

  #retry(): unknown {
    if (this.status === "cancelled") return "GROUP_CANCELLED";
    if (this.count("failed") === 0) return "NOTHING_TO_RETRY";
    if (this.finished) this.#claimedInRun = false;
    for (const job of this.jobs) {
      if (job.status === "failed") Object.assign(job, { status: "queued", attempts: 0, due: 0 });
    }
    return "done";
  }
}
