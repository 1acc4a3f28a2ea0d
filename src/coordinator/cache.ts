import { LIMITS } from "../domain/limits.ts";
import { sequenceEnd } from "../domain/group.ts";
import { type Job, sequenceOf } from "../domain/job.ts";
import { NONE_MATCHED } from "../domain/matched.ts";
import type { State } from "../domain/state.ts";
import { type Loaded, READ_AHEAD } from "../store/write/load.ts";

/** The part of a group that its object keeps in memory. */
export interface Cache extends State {
  /** `waiting` holds all jobs that wait for a further attempt, not only the earliest. */
  readonly allWaiting: boolean;
}

/**
 * Adds the rows just read to the cached ones. A cached row is kept: if another writer has changed it, the fence
 * stops the commit.
 */
export function merge(cache: Cache | null, loaded: Loaded): Cache {
  const jobs = new Map(loaded.jobs.map((job) => [job.id, job]));
  for (const [id, job] of cache?.jobs ?? []) jobs.set(id, job);
  const { waiting, allWaiting } = loaded.readWaiting || cache === null ? loaded : cache;
  const { group, revision, beats } = cache ?? {
    ...loaded,
    revision: loaded.group?.revision ?? null,
  };
  const { matched } = loaded;
  return { group, revision, beats, jobs, waiting, allWaiting, matched, notices: [] };
}

/** The part of a state that is worth keeping: the leased jobs, and the next to be leased, so a claim needs no read. */
export function forCache(state: Cache): Cache {
  const end = (state.group?.firstUnclaimed ?? 0) + READ_AHEAD;
  const isAhead = ({ id, status, availableAt }: Job) =>
    status === "queued" && availableAt === null && sequenceOf(id) < end;
  const kept = [...state.jobs.values()].filter(
    (job) => job.status === "processing" || isAhead(job),
  );
  const slim = kept.map((job): [string, Job] => [
    job.id,
    { ...job, extractedData: null, ended: [] },
  ]);
  return { ...state, jobs: new Map(slim), matched: NONE_MATCHED, notices: [] };
}

/** True when every waiting job is known and none of them may be claimed yet. */
export const noneIsClaimable = ({ allWaiting, waiting }: Cache, now: number): boolean =>
  allWaiting && ![...waiting.values()].some((availableAt) => availableAt <= now);

/** True when as many jobs never claimed are known as one batch can lease. */
export function hasUnclaimed({ group, jobs }: Cache): boolean {
  if (group === null) return true;
  const known = new Set([...jobs.keys()].map(sequenceOf));
  const next = group.firstUnclaimed;
  const enough = Math.min(LIMITS.parallelJobs.max, sequenceEnd(group) - next);
  return Array.from({ length: enough }).every((_, index) => known.has(next + index));
}
