import { addJobs } from "./add-jobs.ts";
import { attachDocument } from "./attach-document.ts";
import { claim } from "./claim.ts";
import { beat } from "./heartbeat.ts";
import { eraseJob } from "./erase-job.ts";
import type { Command } from "./commands.ts";
import type { DecidedReply } from "./replies.ts";
import { cancel } from "./cancel.ts";
import { createGroup, open } from "./lifecycle.ts";
import { pause, resume } from "./pause.ts";
import { deletesAt } from "./retention.ts";
import type { Group } from "./group.ts";
import { report } from "./report.ts";
import { retry } from "./retry.ts";
import {
  type Decision,
  type LiveState,
  NO_GROUP,
  patchGroup,
  refuse,
  withConsequences,
  type State,
} from "./state.ts";

/**
 * Applies `command` to `state` at `now` (epoch milliseconds). Pure: no I/O, no clock, no randomness. Every change
 * of a group goes through here or through `expireLeases`, which the caller has to run first.
 */
export function decide(
  state: State,
  workspace: string,
  command: Command,
  now: number,
): Decision<DecidedReply> {
  if (command.kind === "create") {
    if (state.group !== null) throw new Error("a group with this id exists already");
    const created = createGroup(command.id, workspace, command.input, now);
    return { ok: true, state: { ...state, group: created }, reply: "group" };
  }
  if (command.kind === "expire") return { ok: true, state, reply: state.group && "group" };
  if (!isLive(state) || state.group.workspace !== workspace) {
    return refuse("GROUP_NOT_FOUND", "There is no job group with this id.");
  }
  return change(state, command, now);
}

const isDue = (group: Group, by: number): boolean => (deletesAt(group) ?? Infinity) <= by;

/** Narrows without a copy, because a command that changes nothing must return the very state it was given. */
const isLive = (state: State): state is LiveState => state.group !== null;

function change(
  state: LiveState,
  command: Exclude<Command, { kind: "create" | "expire" }>,
  now: number,
): Decision<DecidedReply> {
  const allowed = "ifMatch" in command ? command.ifMatch : undefined;
  const { revision } = state;
  if (allowed !== undefined && (revision === null || !allowed.includes(revision))) {
    return refuse("PRECONDITION_FAILED", "The group has changed since it was read. Read it again.");
  }
  switch (command.kind) {
    case "update": {
      const next = withConsequences(patchGroup(state, command.input), now);
      return { ok: true, state: next, reply: "group" };
    }
    case "delete":
      if (command.dueBy !== undefined && !isDue(state.group, command.dueBy)) {
        return refuse("PRECONDITION_FAILED", "The group is not due for deletion.");
      }
      return {
        ok: true,
        state: NO_GROUP,
        reply: { storedDocuments: state.group.storedDocuments },
      };
    case "add":
      return addJobs(state, command, now);
    case "open":
      return open(state, now);
    case "pause":
      return pause(state, command.reason, now);
    case "resume":
      return resume(state, now);
    case "claim":
      return claim(state, command, now);
    case "beat":
      return beat(state, command, now);
    case "complete":
    case "fail":
    case "release":
      return report(state, command, now);
    case "erase":
      return eraseJob(state, command, now);
    case "attach":
      return attachDocument(state, command, now);
    case "cancel":
      return cancel(state, command, now);
    case "retry":
      return retry(state, command, now);
  }
}
