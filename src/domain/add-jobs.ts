import { LIMITS } from "./limits.ts";
import type { AddJobs, NewJob } from "./commands.ts";
import type { AddReply } from "./replies.ts";
import { isFinished, moveJobs, sequenceEnd } from "./group.ts";
import { byAge, firstIdAt, type Job, MAX_SEQUENCE } from "./job.ts";
import { reopen } from "./lifecycle.ts";
import { type Decision, type LiveState, patchGroup, refuse, withConsequences } from "./state.ts";

/**
 * Adds all the jobs or none. A job whose `jobNumber` the group has already is not added again: the reply shows
 * the job that is there.
 */
export function addJobs(state: LiveState, command: AddJobs, now: number): Decision<AddReply> {
  const { group } = state;
  const before = addedBefore(state, command);
  if (before !== null) return { ok: true, state, reply: before };
  if (group.status === "cancelled") {
    return refuse("GROUP_CANCELLED", "A cancelled group takes no more jobs. Create a new group.");
  }
  const known = byNumber(state);
  const added: Job[] = [];
  const all = command.jobs.map((wanted) => {
    const existing = wanted.jobNumber === null ? undefined : known.get(wanted.jobNumber);
    if (existing !== undefined) return existing;
    const id = firstIdAt(sequenceEnd(group) + added.length) + command.idSuffix;
    const job = newJob(id, wanted, now);
    if (job.jobNumber !== null) known.set(job.jobNumber, job);
    added.push(job);
    return job;
  });
  if (group.totalJobs + added.length > LIMITS.jobsPerGroup) {
    const room = LIMITS.jobsPerGroup - group.totalJobs;
    const detail = `A group holds at most ${LIMITS.jobsPerGroup} jobs; this one has room for ${room} more.`;
    return refuse("GROUP_FULL", detail);
  }
  if (sequenceEnd(group) + added.length > MAX_SEQUENCE) {
    return refuse(
      "GROUP_FULL",
      "The group has had so many jobs that it can number no more of them.",
    );
  }
  return {
    ok: true,
    state: added.length === 0 ? state : insert(state, added, now),
    reply: replyOf(all, added.length),
  };
}

/**
 * The reply of an add that was committed without an answer. The suffix of the job ids tells that it was.
 * `null` when it was not.
 */
function addedBefore(state: LiveState, { jobs, idSuffix }: AddJobs): AddReply | null {
  const added = [...state.jobs.values()].filter(({ id }) => id.endsWith(idSuffix));
  if (added.length === 0) return null;
  const known = byNumber(state);
  const unnumbered = added
    .filter(({ jobNumber }) => jobNumber === null)
    .toSorted(byAge)
    .values();
  const all = jobs.flatMap(
    ({ jobNumber }) => (jobNumber === null ? unnumbered.next().value : known.get(jobNumber)) ?? [],
  );
  return replyOf(all, added.length);
}

const byNumber = ({ jobs }: LiveState): Map<string, Job> =>
  new Map(
    [...jobs.values()].flatMap((job) => (job.jobNumber === null ? [] : [[job.jobNumber, job]])),
  );

const replyOf = (all: readonly Job[], added: number): AddReply => ({
  added,
  existing: all.length - added,
  jobs: all.map(summary),
});

function insert(state: LiveState, added: readonly Job[], now: number): LiveState {
  const open = isFinished(state.group) ? reopen(state) : state;
  const jobs = new Map(open.jobs);
  for (const job of added) jobs.set(job.id, job);
  const counters = moveJobs(open.group, null, "queued", added.length);
  const stored = added.filter(({ documentKey }) => documentKey !== null).length;
  const storedDocuments = open.group.storedDocuments + stored;
  const storedBytes = added.reduce(
    (sum, { documentSize }) => sum + (documentSize ?? 0),
    open.group.storedBytes,
  );
  const patch = { ...counters, storedDocuments, storedBytes, claimableAt: 0 };
  return withConsequences(patchGroup({ ...open, jobs }, patch), now);
}

const summary = ({ id, jobNumber, status, documentName }: Job): AddReply["jobs"][number] => ({
  jobId: id,
  jobNumber,
  status,
  documentName,
});

export const newJob = (id: string, { stored, ...wanted }: NewJob, now: number): Job => ({
  ...wanted,
  documentKey: stored?.key ?? null,
  documentSize: stored?.size ?? null,
  documentSha256: stored?.sha256 ?? null,
  id,
  status: "queued",
  attempts: 0,
  availableAt: null,
  leaseId: null,
  leaseOutcome: null,
  leasedAt: null,
  attemptEndsAt: null,
  heartbeatSeconds: null,
  workerId: null,
  deferrals: 0,
  error: null,
  errorCode: null,
  pages: null,
  costMicros: null,
  currency: null,
  confidence: null,
  processingMs: null,
  extractedData: null,
  ended: [],
  createdAt: now,
  updatedAt: now,
  completedAt: null,
});
