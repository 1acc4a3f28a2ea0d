import type {
  ClaimJobs,
  Command,
  CompleteJob,
  Retry,
  RetryChoice,
} from "../../src/domain/commands.ts";
import type { RefusalCode } from "../../src/domain/refusals.ts";
import type { Beat } from "../../src/domain/lease.ts";
import { ModelAttempts, NO_ERROR, note, NOTHING, type Report } from "./model-attempts.ts";
import { type ModelJob, NEVER_CLAIMED, settingsOf } from "./model-group.ts";
import { DONE, type Told } from "./told.ts";

const ANY_FAILED: RetryChoice = { statuses: ["failed"], jobIds: null, errorCodes: null };
const OUTCOMES = { complete: "completed", fail: "failed", release: "released" } as const;
const MINUTE = 60_000;

type Claim = Omit<ClaimJobs, "kind" | "heartbeatSeconds"> & { heartbeatSeconds?: number | null };
const refused = (code: RefusalCode): Told => ({ refused: code });

/**
 * The contract once more, as plainly as can be. Leases are expected to end in "0000", which makes the
 * back-off's jitter nothing.
 */
export class Model extends ModelAttempts {
  /** Carries the command out; what it answers is what the command must be answered. */
  apply(command: Command, now: number): Told {
    if (this.isDeleted) return command.kind === "expire" ? DONE : refused("GROUP_NOT_FOUND");
    this.expire(now);
    const expected = this.#change(command, now);
    if (!this.isDeleted) this.follow(now);
    return expected;
  }

  expire(now: number): void {
    for (const job of this.in("processing")) {
      const at = this.endOf(job);
      if (at > now) continue;
      this.timeOut(job, at);
      this.follow(now);
    }
  }

  #change(command: Command, now: number): Told {
    switch (command.kind) {
      case "add":
        return this.#add(command);
      case "claim":
        return { reply: this.#claim(command, now) };
      case "beat":
        return { reply: this.#beat(command, now) };
      case "complete":
      case "fail":
      case "release":
        return this.#report(command, now);
      case "open":
        return this.#open();
      case "erase":
        return this.#erase(command.jobId);
      case "pause":
        return this.#pause(command.reason, now);
      case "resume":
        return this.#resume();
      case "cancel":
        return command.jobIds ? this.#cancelChosen(command.jobIds, now) : this.#cancel(now);
      case "retry":
        return this.#retry(command);
      case "update": {
        this.settings = settingsOf(command.input);
        return DONE;
      }
      case "expire":
        return DONE;
      case "delete":
        return this.#delete();
      case "create":
      case "attach":
        throw new Error(`the model knows no ${command.kind}`);
    }
  }

  /** It is gone for every caller at once, whatever is left of it. */
  #delete(): Told {
    this.isDeleted = true;
    this.jobs.length = 0;
    this.beats.clear();
    return DONE;
  }

  #open(): Told {
    if (this.status === "cancelled") return refused("GROUP_CANCELLED");
    if (this.status !== "created") return DONE;
    if (this.jobs.length === 0) return refused("GROUP_EMPTY");
    this.status = "queued";
    return DONE;
  }

  #erase(jobId: string): Told {
    const index = this.jobs.findIndex(({ id }) => id === jobId);
    const job = this.jobs[index];
    if (job === undefined) return refused("JOB_NOT_FOUND");
    if (["queued", "processing"].includes(job.status)) return refused("JOB_UNFINISHED");
    this.jobs.splice(index, 1);
    this.erasedJobs++;
    if (this.isFinished && this.jobs.length > 0) this.status = this.statusOfEnd;
    return DONE;
  }

  #cancel(now: number): Told {
    if (this.isFinished) return refused("GROUP_FINISHED");
    if (this.status === "cancelled") return DONE;
    for (const job of this.in("queued", "processing")) this.#drop(job, now);
    this.end("cancelled", now);
    return DONE;
  }

  #cancelChosen(jobIds: readonly string[], now: number): Told {
    const named = this.jobs.filter(({ id }) => jobIds.includes(id));
    const open = named.filter(({ status }) => status === "queued" || status === "processing");
    if (open.length === 0) {
      const isRepeat = named.some(({ status }) => status === "cancelled");
      return isRepeat ? DONE : refused("NOTHING_TO_CANCEL");
    }
    for (const job of open) this.#drop(job, now);
    if (this.status === "created" && this.in("queued").length === 0) this.end("cancelled", now);
    return DONE;
  }

  #drop(job: ModelJob, now: number): void {
    if (job.status === "processing") {
      job.leaseOutcome = "voided";
      note(job, { ...NOTHING, endedAt: now, outcome: "cancelled" });
    }
    this.beats.delete(job.leaseId ?? "");
    Object.assign(job, { status: "cancelled", attemptEndsAt: null, availableAt: null });
  }

  #retry({ choice, dryRun }: Retry): Told {
    if (this.status === "cancelled") return refused("GROUP_CANCELLED");
    const { statuses, jobIds, errorCodes } = choice ?? ANY_FAILED;
    const chosen = this.in(...statuses).filter(
      ({ id, errorCode }) =>
        (jobIds === null || jobIds.includes(id)) &&
        (errorCodes === null || errorCodes.includes(errorCode ?? "none")),
    );
    const told = { reply: { matched: chosen.length } };
    if (dryRun) return told;
    if (chosen.length === 0) return refused("NOTHING_TO_RETRY");
    this.reopen();
    for (const job of chosen) {
      Object.assign(job, { status: "queued", attempts: 0, availableAt: 0, ...NO_ERROR });
    }
    return told;
  }

  #add({ jobs, idSuffix }: Command & { kind: "add" }): Told {
    if (this.status === "cancelled") return refused("GROUP_CANCELLED");
    const before = this.jobs.length;
    const all = jobs.map(({ jobNumber }) => {
      const twin = this.jobs.find((job) => jobNumber !== null && job.jobNumber === jobNumber);
      if (twin !== undefined) return twin;
      const id = (this.jobs.length + this.erasedJobs).toString(16).padStart(5, "0") + idSuffix;
      const job = { ...NEVER_CLAIMED, id, jobNumber, ended: [] };
      this.jobs.push(job);
      return job;
    });
    const added = this.jobs.length - before;
    if (added > 0) this.reopen();
    const shown = all.map(({ id, status }) => ({ jobId: id, status }));
    return { reply: { added, existing: all.length - added, jobs: shown } };
  }

  #beat({ leases }: Beat, now: number) {
    const leaseEnds = leases.map(({ jobId, leaseId }) => {
      const held = this.in("processing").find((job) => job.id === jobId && job.leaseId === leaseId);
      if (held === undefined) return null;
      const last = this.beats.get(leaseId) ?? held.leasedAt ?? 0;
      if (held.heartbeatSeconds !== null && now > last) this.beats.set(leaseId, now);
      return this.endOf(held);
    });
    return { leaseEnds };
  }

  #claim({ maxJobs, leaseIds, heartbeatSeconds = null }: Claim, now: number) {
    const none = (reason: string, retryAt: number | null = null) => ({
      leases: [] as object[],
      reason,
      retryAt,
    });
    if (this.pausedAt !== null) return none("paused");
    if (this.status === "created") return none("not_released");
    if (this.isFinished || this.status === "cancelled") return none("finished");
    const queued = this.in("queued");
    if (queued.length === 0) return none("nothing_queued");
    const room = this.settings.parallelJobs - this.in("processing").length;
    if (room <= 0) {
      const ends = this.in("processing").map((job) => this.endOf(job));
      return none("parallel_limit", Math.min(...ends));
    }
    const due = queued.filter(({ availableAt }) => (availableAt ?? 0) <= now);
    if (due.length === 0) return none("backing_off", this.claimableAt);
    this.startedAt ??= now;
    this.status = "processing";
    const leases = due.slice(0, Math.min(room, maxJobs)).map((job, index) => {
      if (job.leaseId === null) this.firstUnclaimed = Number.parseInt(job.id.slice(0, 5), 16) + 1;
      Object.assign(job, { status: "processing", attempts: job.attempts + 1, availableAt: null });
      const attemptEndsAt = now + this.settings.timeoutMinutes * MINUTE;
      const leaseId = leaseIds[index] ?? "";
      Object.assign(job, { leaseId, leaseOutcome: null, leasedAt: now, attemptEndsAt });
      return this.#leaseOf(Object.assign(job, { heartbeatSeconds }));
    });
    return { leases: leases as object[], reason: null, retryAt: null };
  }

  #report(command: Report, now: number): Told {
    const job = this.jobs.find(({ id }) => id === command.jobId);
    if (job === undefined) return refused("JOB_NOT_FOUND");
    if (job.leaseId !== command.leaseId || job.leaseOutcome === "voided") {
      return refused("LEASE_LOST");
    }
    const isRepeat = job.leaseOutcome !== null;
    if (isRepeat && job.leaseOutcome !== OUTCOMES[command.kind]) return refused("OUTCOME_CONFLICT");
    if (!isRepeat && !this.settle(job, command, now)) return refused("CURRENCY_MISMATCH");
    this.follow(now);
    const next = command.kind === "complete" ? this.#next(command, job, isRepeat, now) : undefined;
    const group = { status: this.status, ...this.counters() };
    const outcome = isRepeat ? "duplicate" : "applied";
    const { id: jobId, status, attempts: attempt } = job;
    return { reply: { jobId, status, attempt, outcome, group, ...(next && { next }) } };
  }

  /** The lease that comes with a report; a repeat is told of one that is still held. */
  #next({ nextLeaseId }: CompleteJob, before: ModelJob, isRepeat: boolean, now: number) {
    if (nextLeaseId === undefined) return undefined;
    const { heartbeatSeconds } = before;
    const wanted = { workerId: "", maxJobs: 1, leaseIds: [nextLeaseId], heartbeatSeconds };
    if (!isRepeat) return this.#claim(wanted, now);
    const held = this.in("processing").find(({ leaseId }) => leaseId === nextLeaseId);
    return held && { leases: [this.#leaseOf(held)], reason: null, retryAt: null };
  }

  #leaseOf(job: ModelJob) {
    const { id: jobId, leaseId, attempts: attempt } = job;
    return { jobId, leaseId, attempt, leaseExpiresAt: this.endOf(job) };
  }

  #pause(reason: string | null, now: number): Told {
    if (this.status === "cancelled") return refused("GROUP_CANCELLED");
    if (this.isFinished) return refused("GROUP_FINISHED");
    if (this.pausedAt === null) this.hold(reason, now);
    return DONE;
  }

  #resume(): Told {
    if (this.status === "cancelled") return refused("GROUP_CANCELLED");
    if (this.isFinished) return refused("GROUP_FINISHED");
    if (this.pausedAt !== null) this.results = [];
    Object.assign(this, { pausedAt: null, pauseReason: null });
    return DONE;
  }
}
