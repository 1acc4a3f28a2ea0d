import type { Command } from "../domain/commands.ts";
import type { ReadPlan } from "../store/write/load.ts";
import { type Cache, hasUnclaimed, noneIsClaimable } from "./cache.ts";
import type { CommandRequest } from "./protocol.ts";
import { sweptJobs } from "./swept-jobs.ts";

/** A batch of requests to one group, with what its attempts have met so far. */
export interface Batch {
  readonly groupId: string;
  readonly shard: number;
  /** All from one workspace, or all from the alarm. */
  readonly requests: readonly CommandRequest[];
  /** 0 for the first. */
  readonly attempt: number;
  /** An attempt failed without an answer, so its jobs may be stored. */
  readonly unanswered: boolean;
}

/** The rows to read before these requests can be decided. Rows in the cache are not read again. */
export function readPlan(batch: Batch, cache: Cache | null, now: number): ReadPlan {
  const { groupId, requests, attempt, unanswered } = batch;
  const commands = requests.map(({ command }) => command);
  const workspace = requests.find(({ command }) => command.kind !== "expire")?.workspace ?? null;
  // A foreign workspace sees no waiting jobs: reading them for it would tell the cache that there are none.
  const isForeign = cache?.group != null && cache.group.workspace !== workspace;
  const claims = !isForeign && commands.some(isClaim);
  const cancelled = commands.flatMap((command) =>
    command.kind === "cancel" ? (command.jobIds ?? []) : [],
  );
  const named = commands.flatMap((command) => ("jobId" in command ? [command.jobId] : cancelled));
  // A new group and its receipt are not looked for: if they exist, the commit is fenced and the next attempt reads them.
  const isFirstTry = attempt === 0 && commands.every(({ kind }) => kind === "create");
  const waitsCount = claims || (!isForeign && cancelled.length > 0);
  const sought = commands.flatMap((command) => sweptJobs(command) ?? [])[0];
  return {
    groupId,
    rowid: cache?.rowid ?? null,
    workspace,
    group: cache === null && !isFirstTry,
    jobIds: [...new Set(named)].filter((id) => !cache?.jobs.has(id)),
    jobNumbers: commands.flatMap((command) =>
      command.kind === "add" ? command.jobs.flatMap(({ jobNumber }) => jobNumber ?? []) : [],
    ),
    idSuffixes: unanswered
      ? commands.flatMap((command) => (command.kind === "add" ? [command.idSuffix] : []))
      : [],
    waiting: waitsCount && !(cache !== null && noneIsClaimable(cache, now)),
    cancels: cancelled.length,
    sought,
    loaded: sought === undefined ? [] : [...(cache?.jobs.keys() ?? [])],
    unclaimed: claims && !(cache !== null && hasUnclaimed(cache)),
    removes: commands.some(({ kind }) => kind === "delete"),
    receipts: requests.flatMap(({ workspace, idempotency }) =>
      idempotency && !isFirstTry
        ? [{ workspace, ...idempotency, ...(idempotency.position !== undefined && { groupId }) }]
        : [],
    ),
  };
}

const isClaim = (command: Command): boolean =>
  command.kind === "claim" || ("nextLeaseId" in command && command.nextLeaseId !== undefined);
