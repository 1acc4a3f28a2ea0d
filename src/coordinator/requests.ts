import type { Command } from "../domain/commands.ts";
import type { ReadPlan } from "../store/write/load.ts";
import { type Cache, hasUnclaimed, noneIsClaimable } from "./cache.ts";
import type { CommandRequest } from "./protocol.ts";

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

/** What has to be read, beyond what is cached, to decide these requests; `unanswered`: they may be stored already. */
export function readPlan(
  groupId: string,
  requests: readonly CommandRequest[],
  cache: Cache | null,
  { now, unanswered }: { now: number; unanswered: boolean },
): ReadPlan {
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
    idSuffixes: unanswered
      ? commands.flatMap((command) => (command.kind === "add" ? [command.idSuffix] : []))
      : [],
    waiting: claims && !(cache !== null && noneIsClaimable(cache, now)),
    unclaimed: claims && !(cache !== null && hasUnclaimed(cache)),
    receipts: requests.flatMap(({ workspace, idempotency }) =>
      idempotency
        ? [{ workspace, ...idempotency, ...(idempotency.position !== undefined && { groupId }) }]
        : [],
    ),
  };
}

const isClaim = (command: Command): boolean =>
  command.kind === "claim" || ("nextLeaseId" in command && command.nextLeaseId !== undefined);
