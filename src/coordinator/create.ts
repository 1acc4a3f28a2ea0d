import type { CommandRequest, Outcome } from "./protocol.ts";
import { outcomeAt } from "./batch-result.ts";
import { GroupWriter } from "./group-writer.ts";

/** A new group has nothing to wake for: no lease, no back-off, no notice. */
const NO_ALARM = { arm: async () => {}, forget: async () => {} };

/**
 * Creates a group without its coordinator: a group that does not exist has no rival, so nothing needs to be put in
 * order. Repeats under one Idempotency-Key meet in the database, where the id of the group and the key of the receipt are
 * unique: one lands, the others read what it left. The group's first command makes its object.
 */
export async function create(env: Env, request: CommandRequest): Promise<Outcome> {
  const writer = new GroupWriter(env, NO_ALARM, () => {});
  const outcome = outcomeAt(0, await writer.write([request]));
  if (outcome instanceof Error) throw outcome;
  return outcome;
}
