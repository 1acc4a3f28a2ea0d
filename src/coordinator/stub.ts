import { configOf } from "../config.ts";
import { create } from "./create.ts";
import type { Command } from "../domain/commands.ts";
import { releaseOf } from "../domain/claim.ts";
import type { DeliveryKey } from "../domain/delivery.ts";
import { isTransient } from "../lib/transient.ts";
import type { GroupCoordinator } from "./group-coordinator.ts";
import { type CommandRequest, type Outcome, type Redelivery, unavailable } from "./protocol.ts";

/**
 * The coordinator of a group. All stubs come from here: a group has one object, in the configured jurisdiction. The hint
 * counts when the object is made: without it an object stays near its first caller, and each of its commits travels.
 */
export function coordinatorOf(env: Env, groupId: string): DurableObjectStub<GroupCoordinator> {
  const { jurisdiction, locationHint } = configOf(env);
  const everywhere = env.GROUP_COORDINATOR;
  const namespace = jurisdiction === undefined ? everywhere : everywhere.jurisdiction(jurisdiction);
  return namespace.getByName(groupId, locationHint && { locationHint });
}

/** Executes a command. Resolves once it is committed or refused. */
export const execute = <C extends Command>(
  env: Env,
  request: CommandRequest & { readonly command: C },
): Promise<Outcome<C["kind"]>> =>
  outcomeOf(() =>
    request.command.kind === "create"
      ? create(env, request)
      : coordinatorOf(env, request.groupId).execute(request),
  );

/** The outcome that a coordinator answers. `unavailable` when its answer is lost. */
export async function outcomeOf<Kind extends Command["kind"]>(
  ask: () => Promise<unknown>,
): Promise<Outcome<Kind>> {
  try {
    // The types of RPC lose the link between a command and its reply.
    return (await ask()) as Outcome<Kind>;
  } catch (error) {
    // The object is overloaded or reset, or the connection is lost. Committed or not, a repeat is safe.
    if (isTransient(error)) return unavailable;
    throw error;
  }
}

/** Gives back the leases of a claim whose caller has hung up. Under an Idempotency-Key they wait for the repeat. */
export async function leaveNothing(
  env: Env,
  { workspace, shard, idempotency }: Pick<CommandRequest, "workspace" | "shard" | "idempotency">,
  outcome: Outcome<"claim">,
): Promise<void> {
  if (!outcome.ok || idempotency !== undefined) return;
  const releases = outcome.reply.leases.map((lease) => {
    const { groupId } = lease;
    return execute(env, { groupId, workspace, shard, command: releaseOf(lease) });
  });
  await Promise.all(releases);
}

/** Makes a delivery due again. Resolves to `null` when the group has no delivery with this key. */
export const redeliver = (env: Env, key: DeliveryKey, shard: number): Promise<Redelivery | null> =>
  coordinatorOf(env, key.groupId).redeliver(key, shard);
