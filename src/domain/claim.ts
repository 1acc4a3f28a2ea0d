import type { ClaimJobs, ClaimReason, ClaimReply, Lease } from "./commands.ts";
import { type Group, isFinished } from "./group.ts";
import { type Job, sequenceOf } from "./job.ts";
import { type Decision, type LiveState, patchGroup, patchJob, settle } from "./state.ts";

const isFresh = (job: Job): boolean => job.availableAt === null;

/** Leases the oldest claimable jobs, never letting more than `parallelJobs` be in `processing`. */
export function claim(state: LiveState, command: ClaimJobs, now: number): Decision<ClaimReply> {
  const shut = shutReason(state.group);
  if (shut !== null) return { ok: true, state, reply: { leases: [], reason: shut, retryAt: null } };
  const room = state.group.parallelJobs - state.group.processingJobs;
  const chosen = oldestClaimable(state, now).slice(0, Math.max(0, Math.min(room, command.maxJobs)));
  if (chosen.length === 0) return { ok: true, state, reply: emptyReply(state.group, room) };

  const leases: Lease[] = [];
  let next = start(state, now);
  for (const [index, job] of chosen.entries()) {
    const leaseId = command.leaseIds[index];
    if (leaseId === undefined) throw new Error("fewer lease ids than jobs to lease");
    const lease = newLease(state.group, job, leaseId, now);
    next = patchJob(next, job, { ...leasePatch(lease, now), workerId: command.workerId }, now);
    if (isFresh(job)) next = patchGroup(next, { freshFrom: sequenceOf(job.id) + 1 });
    leases.push(lease);
  }
  next = settle(patchGroup(next, { dueAt: nextDue(next) }), now);
  return { ok: true, state: next, reply: { leases, reason: null, retryAt: null } };
}

function shutReason(group: Group): ClaimReason | null {
  if (group.status === "created") return "not_released";
  if (isFinished(group) || group.status === "cancelled") return "finished";
  return group.pendingJobs === group.processingJobs ? "nothing_queued" : null;
}

const emptyReply = (group: Group, room: number): ClaimReply =>
  room <= 0
    ? { leases: [], reason: "parallel_limit", retryAt: null }
    : { leases: [], reason: "backing_off", retryAt: group.dueAt };

/** Due jobs in the order they were added; never-claimed ones only in unbroken sequence. */
function oldestClaimable({ group, jobs }: LiveState, now: number): Job[] {
  let nextFresh = group.freshFrom;
  return [...jobs.values()]
    .filter((job) => job.status === "queued" && (job.availableAt ?? now) <= now)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .filter((job) => !isFresh(job) || sequenceOf(job.id) === nextFresh++);
}

function nextDue({ group, waiting }: LiveState): number | null {
  if (group.pendingJobs === group.processingJobs) return null;
  return group.freshFrom < group.totalJobs ? 0 : Math.min(...waiting.values());
}

/** The first claim of a run starts the group. */
function start(state: LiveState, now: number): LiveState {
  if (state.group.status === "processing") return state;
  const startedAt = state.group.startedAt ?? now;
  return patchGroup(state, { status: "processing", startedAt, runStartedAt: now });
}

const newLease = (group: Group, job: Job, leaseId: string, now: number): Lease => ({
  jobId: job.id,
  groupId: group.id,
  leaseId,
  attempt: job.attempts + 1,
  leaseExpiresAt: now + group.timeoutMinutes * 60_000,
  template: group.template,
  documentName: job.documentName,
  documentUrl: job.documentUrl,
  documentType: job.documentType,
  metadata: job.metadata,
});

const leasePatch = (lease: Lease, now: number): Partial<Job> => ({
  status: "processing",
  attempts: lease.attempt,
  availableAt: null,
  leaseId: lease.leaseId,
  leaseOutcome: null,
  leasedAt: now,
  leaseExpiresAt: lease.leaseExpiresAt,
});
