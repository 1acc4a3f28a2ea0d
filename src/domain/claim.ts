import { letsThrough } from "./claim-filter.ts";
import type { ClaimJobs, ReleaseJob } from "./commands.ts";
import type { ClaimReason, ClaimReply, Lease } from "./replies.ts";
import { type Group, isEnded } from "./group.ts";
import { byAge, isUnclaimed, type Job, sequenceOf } from "./job.ts";
import { leaseEnd } from "./lease.ts";
import {
  type Decision,
  leaseEnds,
  type LiveState,
  nextClaimableAt,
  patchGroup,
  patchJob,
  withConsequences,
} from "./state.ts";

/** A claim is never refused. */
type Claimed = Extract<Decision<ClaimReply>, { ok: true }> & { readonly state: LiveState };

/** Leases the oldest claimable jobs, as many as `maxJobs` asks for and `parallelJobs` leaves room for. */
export function claim(state: LiveState, command: Omit<ClaimJobs, "kind">, now: number): Claimed {
  // Jobs that hold these lease ids show that the claim was committed before, without an answer.
  const held = command.leaseIds.flatMap((leaseId) => heldLease(state, leaseId) ?? []);
  if (held.length > 0) return { ok: true, state, reply: replyWith(held) };
  const shut = shutReason(state.group, command);
  if (shut !== null) return { ok: true, state, reply: { leases: [], reason: shut, retryAt: null } };
  const room = state.group.parallelJobs - state.group.processingJobs;
  const chosen = oldestClaimable(state, now).slice(0, Math.max(0, Math.min(room, command.maxJobs)));
  if (chosen.length === 0) return { ok: true, state, reply: emptyReply(state, room) };

  const leases: Lease[] = [];
  let next = start(state, now);
  for (const [index, job] of chosen.entries()) {
    const leaseId = command.leaseIds[index];
    if (leaseId === undefined) throw new Error("fewer lease ids than jobs to lease");
    const patch = leasePatch(state.group, job, { ...command, leaseId }, now);
    next = patchJob(next, job, patch, now);
    if (isUnclaimed(job)) next = patchGroup(next, passOver(next.group, sequenceOf(job.id)));
    leases.push(leaseOf(state, { ...job, ...patch }));
  }
  next = withConsequences(patchGroup(next, { claimableAt: nextClaimableAt(next) }), now);
  return { ok: true, state: next, reply: replyWith(leases) };
}

export const replyWith = (leases: Lease[]): ClaimReply => ({ leases, reason: null, retryAt: null });

/** The reason why no job of the group may be claimed, however long one waits for room or a back-off. */
export function shutReason(
  group: Group,
  { filter }: Pick<ClaimJobs, "filter"> = {},
): ClaimReason | null {
  // The group was changed after the claim had found it in the filter's line.
  if (filter !== undefined && !letsThrough(filter, group)) return "nothing_queued";
  if (group.pausedAt !== null) return "paused";
  if (group.status === "created") return "not_released";
  if (isEnded(group)) return "finished";
  return group.pendingJobs === group.processingJobs ? "nothing_queued" : null;
}

const emptyReply = (state: LiveState, room: number): ClaimReply =>
  room <= 0
    ? { leases: [], reason: "parallel_limit", retryAt: soonestLeaseEnd(state) }
    : { leases: [], reason: "backing_off", retryAt: state.group.claimableAt };

const soonestLeaseEnd = (state: LiveState): number | null => {
  const ends = leaseEnds(state);
  return ends.length === 0 ? null : Math.min(...ends);
};

/**
 * The loaded jobs that may be claimed now, in the order in which they were added. A job never claimed is taken
 * only if those before it are loaded too: otherwise `firstUnclaimed` would pass over a job that is queued.
 */
function oldestClaimable({ jobs, unclaimedTo }: LiveState, now: number): Job[] {
  return [...jobs.values()]
    .filter((job) => job.status === "queued" && (job.availableAt ?? now) <= now)
    .filter((job) => !isUnclaimed(job) || sequenceOf(job.id) < unclaimedTo)
    .toSorted(byAge);
}

/** Moves `firstUnclaimed` past the claimed job. Cancelled jobs before it are taken off `cancelledUnclaimed`. */
const passOver = ({ firstUnclaimed, cancelledUnclaimed }: Group, sequence: number) => ({
  firstUnclaimed: sequence + 1,
  cancelledUnclaimed: cancelledUnclaimed - (sequence - firstUnclaimed),
});

/** Moves the group to `processing` with the first claim of a run. */
function start(state: LiveState, now: number): LiveState {
  if (state.group.status === "processing") return state;
  const startedAt = state.group.startedAt ?? now;
  return patchGroup(state, { status: "processing", startedAt, runStartedAt: now });
}

interface Granted {
  readonly workerId: string;
  readonly leaseId: string;
  readonly heartbeatSeconds?: number;
}

function leasePatch(group: Group, job: Job, granted: Granted, now: number) {
  return {
    status: "processing",
    attempts: job.attempts + 1,
    availableAt: null,
    leaseId: granted.leaseId,
    leaseOutcome: null,
    leasedAt: now,
    attemptEndsAt: now + group.timeoutMinutes * 60_000,
    heartbeatSeconds: granted.heartbeatSeconds ?? null,
    workerId: granted.workerId,
  } as const satisfies Partial<Job>;
}

function leaseOf({ group, beats }: LiveState, job: Job & { readonly leaseId: string }): Lease {
  const leaseExpiresAt = leaseEnd(beats, job);
  if (leaseExpiresAt === null) throw new Error("a lease that is not held");
  return {
    jobId: job.id,
    groupId: group.id,
    leaseId: job.leaseId,
    attempt: job.attempts,
    leaseExpiresAt,
    leaseSeconds: (leaseExpiresAt - (job.leasedAt ?? leaseExpiresAt)) / 1000,
    heartbeatSeconds: job.heartbeatSeconds,
    template: group.template,
    groupName: group.name,
    priority: group.priority,
    batchNumber: group.batchNumber,
    jobNumber: job.jobNumber,
    documentName: job.documentName,
    documentUrl: job.documentUrl,
    documentType: job.documentType,
    metadata: job.metadata,
    ...storedOf(job),
  };
}

function storedOf(job: Job): Pick<Lease, "stored"> {
  const { documentKey: key, documentSize: size, documentSha256: sha256, attemptEndsAt } = job;
  if (key === null || size === null || sha256 === null || attemptEndsAt === null) return {};
  return { stored: { key, size, sha256, attemptEndsAt } };
}

/** A lease that was answered before, with its present end. */
export const endingAt = (lease: Lease, at: number): Lease => ({
  ...lease,
  leaseExpiresAt: at,
  leaseSeconds: lease.leaseSeconds + (at - lease.leaseExpiresAt) / 1000,
});

/** The command that gives a lease back whose caller has hung up. */
export const releaseOf = ({ jobId, leaseId }: Pick<Lease, "jobId" | "leaseId">): ReleaseJob => ({
  kind: "release",
  jobId,
  leaseId,
  retryAfterSeconds: 0,
  reason: null,
  unseen: true,
});

/** The lease with this id; `undefined` when no job holds it. */
export function heldLease(state: LiveState, leaseId: string): Lease | undefined {
  const isHeld = (job: Job): job is Job & { leaseId: string } =>
    job.status === "processing" && job.leaseId === leaseId;
  const job = [...state.jobs.values()].find(isHeld);
  return job && leaseOf(state, job);
}
