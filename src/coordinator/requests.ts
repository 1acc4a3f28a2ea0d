import type { Command } from "../domain/commands.ts";
import { MAX_PARALLEL_JOBS } from "../domain/group.ts";
import { sequenceOf } from "../domain/job.ts";
import type { State } from "../domain/state.ts";
import type { Wanted } from "../store/load.ts";
import type { CommandRequest } from "./protocol.ts";

/** What an object remembers of its group. */
export interface Cache extends State {
  /** Whether `waiting` holds all jobs that wait for a further attempt. */
  readonly allWaiting: boolean;
}

const MAX_COMMANDS = 64;
const MAX_PAYLOAD_CHARACTERS = 1_000_000;

/** Commands on sets of jobs that are not loaded: what follows them must be decided on a new read. */
const ENDS_A_BATCH: ReadonlySet<Command["kind"]> = new Set([
  "create",
  "delete",
  "add",
  "cancel",
  "retry",
]);

/** How many of the waiting requests go into the next batch. */
export function nextBatch(requests: readonly CommandRequest[]): number {
  let payload = 0;
  for (const [index, { command }] of requests.entries()) {
    payload += command.kind === "complete" ? (command.extractedData?.length ?? 0) : 0;
    // A revision moves at commit: what depends on it must not follow a change in the same batch.
    if (index > 0 && "ifMatch" in command) return index;
    if (index === MAX_COMMANDS || (index > 0 && payload > MAX_PAYLOAD_CHARACTERS)) return index;
    if (ENDS_A_BATCH.has(command.kind)) return index + 1;
  }
  return requests.length;
}

/** What has to be read, beyond what is cached, to decide these requests. */
export function wantedBy(
  groupId: string,
  requests: readonly CommandRequest[],
  cache: Cache | null,
  now: number,
): Wanted {
  const commands = requests.map(({ command }) => command);
  const claims = commands.some(isClaim);
  const reported = commands.flatMap((command) => ("jobId" in command ? [command.jobId] : []));
  return {
    groupId,
    group: cache === null,
    jobIds: [...new Set(reported)].filter((id) => !cache?.jobs.has(id)),
    jobNumbers: commands.flatMap((command) =>
      command.kind === "add" ? command.jobs.flatMap(({ jobNumber }) => jobNumber ?? []) : [],
    ),
    waiting: claims && !(cache !== null && noneIsDue(cache, now)),
    fresh: claims && !(cache !== null && hasFresh(cache)),
    receipts: requests.flatMap(({ workspace, idempotency }) =>
      idempotency ? [{ workspace, ...idempotency, ...(idempotency.perGroup && { groupId }) }] : [],
    ),
  };
}

const isClaim = (command: Command): boolean =>
  command.kind === "claim" || ("nextLeaseId" in command && command.nextLeaseId !== undefined);

/** Whether memory holds every waiting job that may be leased now: none of them. */
const noneIsDue = ({ allWaiting, waiting }: Cache, now: number): boolean =>
  allWaiting && ![...waiting.values()].some((availableAt) => availableAt <= now);

/** Whether memory holds as many jobs never claimed as a batch can lease. */
function hasFresh({ group, jobs }: Cache): boolean {
  if (group === null) return true;
  const known = new Set([...jobs.keys()].map(sequenceOf));
  const enough = Math.min(MAX_PARALLEL_JOBS, group.totalJobs - group.freshFrom);
  return Array.from({ length: enough }).every((_, index) => known.has(group.freshFrom + index));
}
