import { LIMITS } from "../domain/limits.ts";
import { type Group, unclaimedJobs } from "../domain/group.ts";
import { byAge, isUnclaimed, type Job, sequenceOf } from "../domain/job.ts";
import { NONE_MATCHED } from "../domain/matched.ts";
import type { State } from "../domain/state.ts";
import { type Loaded, READ_AHEAD } from "../store/write/load.ts";

/** The part of a group that its object keeps in memory. */
export interface Cache extends State {
  /** `waiting` holds all jobs that wait for a further attempt, not only the earliest. */
  readonly allWaiting: boolean;
  /** The number of the group's row. `null` unless the group was read. */
  readonly rowid: number | null;
  /** See `Loaded`. */
  readonly isSmall: boolean;
  /** A webhook is known to ask for each completed job. The fence notices when another one begins to. */
  readonly hearsCompletions: boolean;
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
  const { rowid, hearsCompletions, isSmall } = cache ?? loaded;
  const unclaimedTo = loaded.unclaimedTo ?? cache?.unclaimedTo ?? knownFromStart(group);
  const state = { group, revision, beats, jobs, waiting, allWaiting, unclaimedTo };
  return { ...state, rowid, hearsCompletions, isSmall, matched, notices: [] };
}

/** No job has to be read to know all those never claimed of a group that has none. */
const knownFromStart = (group: Group | null): number =>
  group === null || unclaimedJobs(group) === 0 ? Infinity : group.firstUnclaimed;

/** The part of a state that is worth keeping: the leased jobs, and the next to be leased, so a claim needs no read. */
export function forCache(state: Cache): Cache {
  const ahead = knownUnclaimed(state).toSorted(byAge);
  const beyond = ahead[READ_AHEAD];
  const leased = [...state.jobs.values()].filter(({ status }) => status === "processing");
  const kept = [...leased, ...ahead.slice(0, READ_AHEAD)];
  const slim = kept.map((job): [string, Job] => [job.id, withoutResult(job)]);
  const unclaimedTo = beyond === undefined ? state.unclaimedTo : sequenceOf(beyond.id);
  return { ...state, jobs: new Map(slim), unclaimedTo, matched: NONE_MATCHED, notices: [] };
}

const withoutResult = (job: Job): Job =>
  job.extractedData === null && job.ended.length === 0
    ? job
    : { ...job, extractedData: null, ended: [] };

/** The jobs never claimed that are known to come first. */
const knownUnclaimed = ({ jobs, unclaimedTo }: Cache): Job[] =>
  [...jobs.values()].filter((job) => isUnclaimed(job) && sequenceOf(job.id) < unclaimedTo);

/** True when every waiting job is known and none of them may be claimed yet. */
export const noneIsClaimable = ({ allWaiting, waiting }: Cache, now: number): boolean =>
  allWaiting && ![...waiting.values()].some((availableAt) => availableAt <= now);

/** True when as many jobs never claimed are known as one batch can lease. */
export function hasUnclaimed(cache: Cache): boolean {
  if (cache.group === null) return true;
  const enough = Math.min(LIMITS.parallelJobs.max, unclaimedJobs(cache.group));
  return knownUnclaimed(cache).length >= enough;
}
