import { execute } from "../coordinator/stub.ts";
import type { Idempotency } from "../coordinator/protocol.ts";
import type { Command, Replies } from "../domain/commands.ts";
import { connect } from "../store/db.ts";
import { groupExists } from "../store/read/reads.ts";
import type { AppContext } from "../http/app-types.ts";
import { ProblemError } from "../http/problems/problem-error.ts";
import { remember } from "../lib/bounded-map.ts";
import { isId } from "../domain/ids.ts";

/** Groups this isolate has seen. A deleted one is still refused, by its coordinator. */
const seen = new Map<string, true>();

/** Sends a command to a group of the caller's workspace; a refusal becomes a problem answer. */
export async function send<C extends Command>(
  c: AppContext,
  groupId: string,
  command: C,
  idempotency?: Idempotency,
): Promise<Replies[C["kind"]]> {
  const { workspace } = c.get("principal");
  if (command.kind !== "create") await assertGroupExists(c, workspace, groupId);
  const request = { groupId, workspace, command, ...(idempotency && { idempotency }) };
  const outcome = await execute(c.env, request);
  if (outcome.ok) {
    c.set("bookmark", () => outcome.bookmark ?? null);
    if (command.kind === "create") remember(seen, `${workspace}/${groupId}`, true);
    if (outcome.replayed) c.header("idempotent-replayed", "true");
    return outcome.reply;
  }
  throw new ProblemError(outcome.refusal.code, outcome.refusal.detail);
}

/** An id that is nobody's must not bring a coordinator into being. */
async function assertGroupExists(c: AppContext, workspace: string, groupId: string): Promise<void> {
  const name = `${workspace}/${groupId}`;
  if (seen.has(name)) return;
  if (!isId(groupId) || !(await groupExists(connect(c.env.DB), workspace, groupId))) {
    throw groupNotFound();
  }
  remember(seen, name, true);
}

export const groupNotFound = () =>
  new ProblemError("GROUP_NOT_FOUND", "There is no job group with this id.");
