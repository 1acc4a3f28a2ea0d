import type { Job } from "./job.ts";
import { type Beat, type BeatReply, lastBeat, leaseEnd } from "./lease.ts";
import type { Decision, LiveState } from "./state.ts";

type Held = Job & { readonly leaseId: string };

/**
 * Notes that the holders of these leases are alive. The group itself does not change: neither its time of change
 * nor its counters. A lease that has ended stays ended, because leases are expired before each command.
 */
export function beat(state: LiveState, { leases }: Beat, now: number): Decision<BeatReply> {
  const jobs = leases.map(({ jobId, leaseId }) => {
    const job = state.jobs.get(jobId);
    return job !== undefined && isHeld(job) && job.leaseId === leaseId ? job : null;
  });
  const beats = new Map(state.beats);
  for (const job of jobs) {
    if (job === null || job.heartbeatSeconds === null) continue;
    if (now > lastBeat(state.beats, job)) beats.set(job.leaseId, now);
  }
  const leaseEnds = jobs.map((job) => job && leaseEnd(beats, job));
  const changes = [...beats].some(([leaseId, at]) => state.beats.get(leaseId) !== at);
  return { ok: true, state: changes ? { ...state, beats } : state, reply: { leaseEnds } };
}

const isHeld = (job: Job): job is Held => job.status === "processing" && job.leaseId !== null;
