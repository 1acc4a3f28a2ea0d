import { configOf } from "../config.ts";
import { execute } from "../coordinator/stub.ts";
import type { Idempotency, Outcome } from "../coordinator/protocol.ts";
import type { Command } from "../domain/commands.ts";
import type { Replies } from "../domain/replies.ts";
import { primary } from "../http/database.ts";
import { existingGroups, groupExists } from "../store/read/reads.ts";
import type { AppContext } from "../http/app-types.ts";
import { ProblemError } from "../http/problems/problem-error.ts";
import { BoundedMap } from "../lib/bounded-map.ts";
import { isId } from "../domain/ids.ts";

/** Groups that this isolate has found to exist. Once deleted they are refused by their coordinator. */
const knownGroups = new BoundedMap<true>();

/** Sends a command to a group of the caller's workspace; a refusal becomes a problem answer. */
export async function send<C extends Command>(
  c: AppContext,
  groupId: string,
  command: C,
  idempotency?: Idempotency,
): Promise<Replies[C["kind"]]> {
  const { workspace, shard } = c.get("principal");
  if (command.kind !== "create") await assertGroupExists(c, workspace, groupId);
  const most = storesDocuments(command) ? configOf(c.env).quotas.storedBytes : undefined;
  const request = {
    groupId,
    workspace,
    shard,
    command,
    ...(idempotency && { idempotency }),
    ...(most !== undefined && { mostStoredBytes: most }),
  };
  const reply = replyOf(c, await execute(c.env, request));
  if (command.kind === "create") knownGroups.set(`${workspace}/${groupId}`, true);
  return reply;
}

const storesDocuments = (command: Command): boolean =>
  command.kind === "attach" ||
  (command.kind === "add" && command.jobs.some(({ stored }) => stored !== undefined));

/** The reply of an outcome, with its headers set; throws a refusal as a problem. */
export function replyOf<Kind extends Command["kind"]>(
  c: AppContext,
  outcome: Outcome<Kind>,
): Replies[Kind] {
  if (!outcome.ok) throw new ProblemError(outcome.refusal.code, outcome.refusal.detail);
  c.set("bookmark", () => outcome.bookmark ?? null);
  if (outcome.replayed) c.header("idempotent-replayed", "true");
  return outcome.reply;
}

/** A stub call for an id of no group would create a Durable Object: the group's existence is checked first. */
export async function assertGroupExists(
  c: AppContext,
  workspace: string,
  groupId: string,
): Promise<void> {
  const name = `${workspace}/${groupId}`;
  if (knownGroups.get(name)) return;
  if (!isId(groupId) || !(await groupExists(primary(c), workspace, groupId))) {
    throw groupNotFound();
  }
  knownGroups.set(name, true);
}

/** Those of the ids that are groups of the caller's workspace. */
export async function knownAmong(
  c: AppContext,
  groupIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { workspace } = c.get("principal");
  const isKnown = (id: string) => knownGroups.get(`${workspace}/${id}`) === true;
  const unknown = new Set(groupIds.filter((id) => isId(id) && !isKnown(id)));
  if (unknown.size > 0) {
    const found = await existingGroups(primary(c), workspace, [...unknown]);
    for (const id of found) knownGroups.set(`${workspace}/${id}`, true);
  }
  return new Set(groupIds.filter(isKnown));
}

export const groupNotFound = () =>
  new ProblemError("GROUP_NOT_FOUND", "There is no job group with this id.");
