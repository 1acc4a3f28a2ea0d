import type { Command } from "../domain/commands.ts";
import type { ReadPlan } from "../store/write/load.ts";
import { type Cache, hasUnclaimed, noneIsClaimable } from "./cache.ts";
import type { CommandRequest } from "./protocol.ts";

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
    // All requests of a batch come from one workspace, or from the alarm.
    workspace: requests.find(({ command }) => command.kind !== "expire")?.workspace ?? null,
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
