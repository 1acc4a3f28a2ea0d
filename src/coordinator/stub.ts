import type { Command } from "../domain/commands.ts";
import type { DeliveryKey } from "../domain/delivery.ts";
import { isTransient } from "../lib/transient.ts";
import { type CommandRequest, type Outcome, type Redelivery, unavailable } from "./protocol.ts";

/** Sends a command to its group's coordinator. What is answered as done is committed. */
export async function execute<C extends Command>(
  env: Env,
  request: CommandRequest & { readonly command: C },
): Promise<Outcome<C["kind"]>> {
  try {
    const outcome = await env.GROUP_COORDINATOR.getByName(request.groupId).execute(request);
    return outcome as Outcome<C["kind"]>;
  } catch (error) {
    // Overload, a reset object, a lost connection. Whether it was committed or not, a repeat is safe.
    if (isTransient(error)) return unavailable;
    throw error;
  }
}

/** Makes a notice due again; `null` when the group has none with this id. */
export const redeliver = (env: Env, key: DeliveryKey): Promise<Redelivery | null> =>
  env.GROUP_COORDINATOR.getByName(key.groupId).redeliver(key);
