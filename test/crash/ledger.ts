export interface Lease {
  readonly jobId: string;
  readonly groupId: string;
  readonly leaseId: string;
  readonly attempt: number;
}

/** The end of a lease as the history of its job tells it; `null` when it does not. */
export type Fate = "completed" | "failed" | "released" | "timed_out" | "cancelled" | null;

export type Report =
  | { readonly kind: "complete"; readonly pages: number; readonly costMicros: number }
  | { readonly kind: "fail"; readonly retryable: boolean; readonly costMicros: number }
  | { readonly kind: "release"; readonly retryAfterSeconds: number };

/** The outcome that a report leaves in the history of its job. */
export const OUTCOMES = { complete: "completed", fail: "failed", release: "released" } as const;

export const costOf = (report: Report): number =>
  report.kind === "release" ? 0 : report.costMicros;

/** One lease as its holder knows it: held for sure from `receivedAt` until `reportedAt`. */
export interface Grant {
  readonly lease: Lease;
  /** Names the claim: the history of a job shows it, so each of its entries is known by the lease. */
  readonly workerId: string;
  readonly receivedAt: number;
  reportedAt: number;
  /** With heartbeats, the lease is held for sure until then. */
  silentAt: number;
  /** Its processor is gone and reports nothing. */
  died: boolean;
  report: Report | null;
  sent: number;
  answered: number;
  applied: number;
  acknowledged: number;
}

export type Violation =
  | "acknowledged results lost"
  | "acknowledged leases lost"
  | "acknowledged jobs lost"
  | "reports counted twice"
  | "jobs leased twice at once"
  | "attempts miscounted"
  | "groups not ended"
  | "counters unlike the rows"
  | "totals unlike the reports"
  | "costs unlike the history"
  | "history unlike the reports"
  | "jobs of the dead worked late"
  | "paused groups resumed"
  | "jobs of paused groups leased"
  | "unexpected answers"
  | "rows out of their home"
  | "too few moves";

/** All that the API has acknowledged, as its clients saw it, to be held against the database. */
export class Ledger {
  readonly grants = new Map<string, Grant>();
  /** Job numbers by group. */
  readonly added = new Map<string, Set<string>>();
  /** The lease and result under which a job was answered to be finished. */
  readonly finished = new Map<string, Grant>();
  /** Jobs that an operator has sent to run again by their id, or to be cancelled, these with their group. */
  readonly runAgain = new Set<string>();
  readonly cancelled = new Map<string, string>();
  /** Groups whose failed jobs an operator has sent to run again. */
  readonly retried = new Set<string>();
  /** The times in which a group may have been paused. */
  readonly pauses: { readonly groupId: string; readonly from: number; to: number }[] = [];
  readonly repeats = { unanswered: 0, unavailable: 0 };
  readonly counts = {
    answered: 0,
    replayedClaims: 0,
    hangUps: 0,
    pauses: 0,
    jobsRunAgain: 0,
    cancels: 0,
    duplicates: 0,
    overtaken: 0,
    handOvers: 0,
  };
  #lastToCommit = "";
  readonly violations: Record<Violation, number> = {
    "acknowledged results lost": 0,
    "acknowledged leases lost": 0,
    "acknowledged jobs lost": 0,
    "reports counted twice": 0,
    "jobs leased twice at once": 0,
    "attempts miscounted": 0,
    "groups not ended": 0,
    "counters unlike the rows": 0,
    "totals unlike the reports": 0,
    "costs unlike the history": 0,
    "history unlike the reports": 0,
    "jobs of the dead worked late": 0,
    "paused groups resumed": 0,
    "jobs of paused groups leased": 0,
    "unexpected answers": 0,
    "rows out of their home": 0,
    "too few moves": 0,
  };

  violate(violation: Violation, ...evidence: unknown[]): void {
    if (this.violations[violation]++ < 3) console.error(`VIOLATION ${violation}:`, ...evidence);
  }

  /** True when an operator may have changed what became of the grant's job. */
  isMoved({ lease, report }: Grant): boolean {
    const { jobId, groupId } = lease;
    const mayBeRetried = this.retried.has(groupId) && report?.kind !== "complete";
    return mayBeRetried || this.runAgain.has(jobId) || this.cancelled.has(jobId);
  }

  grant(lease: Lease, workerId: string, silentAt: number): Grant {
    const known = this.grants.has(lease.leaseId);
    if (known) this.violate("jobs leased twice at once", "one lease given to two claims", lease);
    const times = { receivedAt: performance.now(), reportedAt: Number.POSITIVE_INFINITY };
    const counts = { sent: 0, answered: 0, applied: 0, acknowledged: 0 };
    const grant = { lease, workerId, ...times, silentAt, died: false, report: null, ...counts };
    this.grants.set(lease.leaseId, grant);
    return grant;
  }

  /** Notes which copy of the service has just committed something. */
  committed(url: string): void {
    if (this.#lastToCommit !== url) this.counts.handOvers++;
    this.#lastToCommit = url;
  }

  /** Books the answer to one sending of the grant's report. */
  book(grant: Grant, { url, status, body }: Reported, fate: Fate): void {
    this.counts.answered++;
    grant.answered++;
    if (status === 200 && body.data !== undefined) {
      grant.acknowledged++;
      if (body.data.outcome === "applied") {
        grant.applied++;
        this.committed(url);
      } else this.counts.duplicates++;
      const done = grant.report?.kind === "complete" || body.data.status === "failed";
      if (done) this.finished.set(grant.lease.jobId, grant);
      return;
    }
    const isLost = body.code === "LEASE_LOST";
    if (isLost && grant.report === null) return;
    // In an outage nobody beats.
    const wasSilent = fate === "timed_out" && performance.now() > grant.silentAt;
    const wasCancelled = fate === "cancelled" && this.cancelled.has(grant.lease.jobId);
    // A job back in the queue may have been leased anew before the repeat of a report arrived.
    const isOvertaken = grant.report !== null && fate === OUTCOMES[grant.report.kind];
    if (isLost && grant.applied === 0 && (wasSilent || wasCancelled)) grant.report = null;
    else if (isLost && grant.sent > 1 && isOvertaken) this.counts.overtaken++;
    else this.violate("unexpected answers", status, body, fate, grant);
  }

  /** Checks the answers among themselves, once every report has been answered. */
  checkAnswers(): void {
    const byJob = Map.groupBy(this.grants.values(), ({ lease }) => lease.jobId);
    for (const grant of this.grants.values()) {
      if (grant.applied > 1) this.violate("reports counted twice", grant);
      const certain = grant.answered === grant.sent && grant.report !== null && grant.sent > 0;
      if (certain && grant.applied === 0) {
        this.violate("unexpected answers", "a report nobody applied", grant);
      }
    }
    for (const grants of byJob.values()) {
      // A lease whose answer came after its silence was never held for sure.
      const held = grants.filter(({ receivedAt, silentAt }) => receivedAt < silentAt);
      const inOrder = held.toSorted((a, b) => a.receivedAt - b.receivedAt);
      for (const [index, { reportedAt, silentAt }] of inOrder.entries()) {
        const heldUntil = Math.min(reportedAt, silentAt);
        const intruder = inOrder.slice(index + 1).find((later) => later.receivedAt < heldUntil);
        if (intruder) this.violate("jobs leased twice at once", inOrder[index], intruder);
      }
    }
  }

  figures(): Record<string, number> {
    const { counts, repeats } = this;
    const sizes = [...this.added.values()].map(({ size }) => size);
    const reported = [...this.grants.values()].filter(({ acknowledged }) => acknowledged > 0);
    return {
      "requests answered": counts.answered,
      "requests repeated: no answer": repeats.unanswered,
      "requests repeated: 503": repeats.unavailable,
      "claims answered again by their key": counts.replayedClaims,
      "claims broken off while they waited": counts.hangUps,
      "pauses acknowledged": counts.pauses,
      "jobs run again": counts.jobsRunAgain,
      "cancels of chosen jobs acknowledged": counts.cancels,
      "jobs named in cancels": this.cancelled.size,
      "jobs added": sizes.reduce((all, size) => all + size, 0),
      "leases granted": this.grants.size,
      "leases reported and acknowledged": reported.length,
      "reports answered duplicate": counts.duplicates,
      "repeats overtaken by a new lease": counts.overtaken,
    };
  }
}

interface Reported {
  readonly url: string;
  readonly status: number;
  readonly body: { data?: { outcome: "applied" | "duplicate"; status: string }; code?: string };
}
