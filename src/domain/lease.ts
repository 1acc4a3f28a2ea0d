import type { Job } from "./job.ts";

/** The time of the last beat by lease id, of the held leases that have beaten since they were granted. */
export type Beats = ReadonlyMap<string, number>;

/** Tells that the processors that hold these leases are alive. */
export interface Beat {
  readonly kind: "beat";
  readonly leases: readonly { readonly jobId: string; readonly leaseId: string }[];
}

export interface BeatReply {
  /** The end of each lease, in the command's order. `null` when the lease is not held any more. */
  readonly leaseEnds: (number | null)[];
}

type Leased = Pick<Job, "leaseId" | "leasedAt" | "attemptEndsAt" | "heartbeatSeconds">;

/** The claim is the first beat. A clock that was set back moves no beat back. */
export const lastBeat = (beats: Beats, { leaseId, leasedAt }: Leased): number =>
  Math.max(leasedAt ?? 0, beats.get(leaseId ?? "") ?? 0);

/**
 * The end of a job's lease: the end of its attempt, or of `heartbeatSeconds` without a beat when that is earlier.
 * `null` when no lease is held. `leaseEndSql` in `store/read/lease-ends.ts` is the same rule in SQL: change both.
 */
export function leaseEnd(beats: Beats, job: Leased): number | null {
  const { attemptEndsAt, heartbeatSeconds } = job;
  if (attemptEndsAt === null || heartbeatSeconds === null) return attemptEndsAt;
  return Math.min(attemptEndsAt, lastBeat(beats, job) + heartbeatSeconds * 1_000);
}

/** The beats without those of a lease that has ended. */
export function withoutLease(beats: Beats, leaseId: string | null): Beats {
  if (leaseId === null || !beats.has(leaseId)) return beats;
  const left = new Map(beats);
  left.delete(leaseId);
  return left;
}
