import type { Command, RetryChoice } from "./commands.ts";
import type { Refusal } from "./refusals.ts";
import { estimateCompletion } from "./estimate.ts";
import { pauseCause, type PauseCause } from "./brakes.ts";
import {
  type CommittedGroup,
  endStatus,
  type Group,
  isOpen,
  moveJobs,
  unclaimedJobs,
} from "./group.ts";
import type { Job } from "./job.ts";
import { type Beats, leaseEnd, withoutLease } from "./lease.ts";
import { type Matched, NONE_MATCHED } from "./matched.ts";
import { groupCancelled, groupEnded, groupPaused, type Notice } from "./notice.ts";
import type { JobRange } from "./sweep.ts";

/** The input of a decision: the group, and those of its jobs that the commands at hand touch. */
export interface State {
  readonly group: Group | null;
  /** The revision of the stored group. `null` when no group is stored. */
  readonly revision: string | null;
  readonly jobs: ReadonlyMap<string, Job>;
  /**
   * `availableAt` by job id, of the jobs that wait for a further attempt. To decide a claim, all of them have to
   * be here, or more of the earliest than a batch can claim. To cancel chosen ones, as many more.
   */
  readonly waiting: ReadonlyMap<string, number>;
  /** The jobs never claimed that have a smaller sequence number are all in `jobs`. */
  readonly unclaimedTo: number;
  /** Beside the group, because a beat changes neither its revision nor its `updatedAt`. */
  readonly beats: Beats;
  /** Counted only for a retry by choice, and for a command in steps. */
  readonly matched: Matched;
  /** The notices since the state was read, oldest first. */
  readonly notices: readonly Notice[];
}

/** The state of a group that does not exist. */
export const NO_GROUP: State = {
  group: null,
  revision: null,
  jobs: new Map(),
  waiting: new Map(),
  unclaimedTo: Infinity,
  beats: new Map(),
  matched: NONE_MATCHED,
  notices: [],
};

/** The stored group, provided that no command has changed the state since it was read. */
export const committedGroup = ({ group, revision }: State): CommittedGroup | null =>
  group === null || revision === null ? null : { ...group, revision };

/** A state whose group is known to exist. */
export interface LiveState extends State {
  readonly group: Group;
}

/** The ends of all leases of the group. */
export const leaseEnds = ({ group, jobs, beats }: State): number[] =>
  (group?.leasedJobs ?? []).flatMap((id) => {
    const job = jobs.get(id);
    return (job && leaseEnd(beats, job)) ?? [];
  });

/**
 * A change of more jobs than can be loaded. The store makes it with one statement. `jobs` is the number of stored jobs
 * that the decision has counted, or `null` when it has not.
 */
export type Sweep =
  | { readonly kind: "cancel"; readonly range: JobRange; readonly jobs: number | null }
  /** Chosen jobs are loaded, and written as such. The store only makes sure that each of them has become `cancelled`. */
  | { readonly kind: "cancelled"; readonly jobIds: readonly string[] }
  | {
      readonly kind: "retry";
      readonly choice: RetryChoice;
      readonly range: JobRange;
      readonly jobs: number | null;
    };

export type Decision<Reply> =
  | {
      readonly ok: true;
      readonly state: State;
      readonly reply: Reply;
      readonly sweep?: Sweep;
      /** The next step of the command, which is answered after its last. */
      readonly rest?: Command;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export const refuse = (code: Refusal["code"], detail: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { code, detail },
});

/** Adds a notice to those that the commit stores. */
export const announce = (state: LiveState, notice: Notice): LiveState => ({
  ...state,
  notices: [...state.notices, notice],
});

export const patchGroup = (state: LiveState, patch: Partial<Group>): LiveState => ({
  ...state,
  group: { ...state.group, ...patch },
});

/** Replaces one loaded job, and brings the counters, the list of leases, the beats and the waiting jobs into line. */
export function patchJob(state: LiveState, job: Job, patch: Partial<Job>, now: number): LiveState {
  const next: Job = { ...job, ...patch, updatedAt: now };
  const waiting = new Map(state.waiting);
  if (next.status === "queued" && next.availableAt !== null) waiting.set(job.id, next.availableAt);
  else waiting.delete(job.id);
  const others = state.group.leasedJobs.filter((id) => id !== job.id);
  return {
    ...state,
    jobs: new Map(state.jobs).set(job.id, next),
    waiting,
    beats: next.status === "processing" ? state.beats : withoutLease(state.beats, job.leaseId),
    group: {
      ...state.group,
      ...moveJobs(state.group, job.status, next.status),
      leasedJobs: next.status === "processing" ? [...others, job.id] : others,
    },
  };
}

/**
 * Ends the group when no job is pending, pauses it when its failures or its cost demand it, or else renews its
 * estimate. Sets its time of change.
 */
export function withConsequences(state: LiveState, now: number): LiveState {
  const { group } = state;
  if (group.pendingJobs === 0 && isOpen(group)) return ended(state, now);
  const cause = pauseCause(group);
  if (cause !== null) return pausedBy(cause, state, now);
  return patchGroup(state, {
    estimatedCompletionAt: estimateCompletion(group, now),
    updatedAt: now,
  });
}

/** Ends a group that has no pending job. */
export function ended(state: LiveState, now: number): LiveState {
  const status = endStatus(state.group);
  const times = { completedAt: now, claimableAt: null, updatedAt: now };
  const done = patchGroup(state, { status, ...times, ...NOT_PAUSED });
  const tell = status === "cancelled" ? groupCancelled : groupEnded;
  return announce(done, tell(done.group, now));
}

/** The time from which a job may be claimed, as `claimableAt` has it. */
export function nextClaimableAt({ group, waiting }: LiveState): number | null {
  if (group.pendingJobs === group.processingJobs) return null;
  return unclaimedJobs(group) > 0 ? 0 : Math.min(...waiting.values());
}

export const NOT_PAUSED = { pausedAt: null, pauseReason: null } as const;

function pausedBy(cause: PauseCause, state: LiveState, now: number): LiveState {
  const { maxCostMicros, pausedAtCostMicros } = state.group;
  const paused = patchGroup(state, {
    pausedAt: now,
    pauseReason: cause,
    pausedAtCostMicros: cause === "max_cost" ? maxCostMicros : pausedAtCostMicros,
    estimatedCompletionAt: null,
    updatedAt: now,
  });
  return announce(paused, groupPaused(paused.group, now, true));
}
