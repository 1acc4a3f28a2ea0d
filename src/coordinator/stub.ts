import { configOf } from "../config.ts";
import type { Command } from "../domain/commands.ts";
import type { DeliveryKey } from "../domain/delivery.ts";
import { isTransient } from "../lib/transient.ts";
import type { GroupCoordinator } from "./group-coordinator.ts";
import { type CommandRequest, type Outcome, type Redelivery, unavailable } from "./protocol.ts";

/** The coordinator of a group. All stubs come from here: a group has one object, in the configured jurisdiction. */
export function coordinatorOf(env: Env, groupId: string): DurableObjectStub<GroupCoordinator> {
  const { jurisdiction } = configOf(env);
  const everywhere = env.GROUP_COORDINATOR;
  const namespace = jurisdiction === undefined ? everywhere : everywhere.jurisdiction(jurisdiction);
  return namespace.getByName(groupId);
}

/** Sends a command to the coordinator of its group. Resolves once the command is committed or refused. */
export async function execute<C extends Command>(
  env: Env,
  request: CommandRequest & { readonly command: C },
): Promise<Outcome<C["kind"]>> {
  try {
    const outcome = await coordinatorOf(env, request.groupId).execute(request);
    // The types of RPC lose the link between a command and its reply.
    return outcome as Outcome<C["kind"]>;
  } catch (error) {
    // The object is overloaded or reset, or the connection is lost. Committed or not, a repeat is safe.
    if (isTransient(error)) return unavailable;
    throw error;
  }
}

/** Makes a delivery due again. Resolves to `null` when the group has no delivery with this key. */
export const redeliver = (env: Env, key: DeliveryKey): Promise<Redelivery | null> =>
  coordinatorOf(env, key.groupId).redeliver(key);
