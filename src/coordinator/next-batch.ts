import type { Command } from "../domain/commands.ts";
import type { CommandRequest } from "./protocol.ts";
import { sweptJobs } from "./swept-jobs.ts";

const MAX_COMMANDS = 64;
const MAX_RESULT_CHARACTERS = 1_000_000;

/** Commands that change jobs which are not loaded, so the command after them needs a new read. */
const ENDS_A_BATCH: ReadonlySet<Command["kind"]> = new Set([
  "create",
  "delete",
  "add",
  "cancel",
  "retry",
]);

/** Its jobs are counted as they are stored, so no command before it may have changed them. */
const isCounted = (command: Command): boolean => sweptJobs(command) !== null;

/** The read of a batch names one workspace, in one database. The alarm's requests name none. */
export const isOfOneBatch = (a: CommandRequest, b: CommandRequest): boolean =>
  a.workspace === b.workspace && a.shard === b.shard;

/** The number of waiting requests that go into the next batch: at least one of them. */
export function nextBatch(requests: readonly CommandRequest[]): number {
  let characters = 0;
  const [first] = requests;
  for (const [index, request] of requests.entries()) {
    const { command } = request;
    if (first !== undefined && !isOfOneBatch(first, request)) return index;
    characters += command.kind === "complete" ? (command.extractedData?.length ?? 0) : 0;
    // The revision moves at the commit, so a command with `ifMatch` must come first in its batch.
    if (index > 0 && ("ifMatch" in command || isCounted(command))) return index;
    if (index === MAX_COMMANDS || (index > 0 && characters > MAX_RESULT_CHARACTERS)) return index;
    if (ENDS_A_BATCH.has(command.kind)) return index + 1;
  }
  return requests.length;
}
