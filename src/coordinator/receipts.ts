import type { DecidedReply, Replies } from "../domain/commands.ts";
import type { CommittedGroup } from "../domain/group.ts";
import { type Receipt, RECEIPT_LIFETIME_MS } from "../domain/receipt.ts";
import { attach, type Decided } from "./decided.ts";
import type { CommandRequest, Idempotency } from "./protocol.ts";

/** A request under an Idempotency-Key whose answer is to be stored. */
export interface Answered {
  readonly request: CommandRequest;
  readonly idempotency: Idempotency;
  readonly reply: DecidedReply;
}

/** The receipt that stores an answer. A group's creation is answered from its receipt as long as the group exists. */
export function receiptOf(
  { request, idempotency, reply }: Answered,
  group: CommittedGroup | null,
  now: number,
): Receipt {
  const { groupId, workspace, command } = request;
  const { operation, keyHash, fingerprint, position = 0 } = idempotency;
  const expiresAt = command.kind === "create" ? null : now + RECEIPT_LIFETIME_MS;
  const key = { workspace, operation, keyHash, groupId };
  return { ...key, fingerprint, position, reply: JSON.stringify(attach(reply, group)), expiresAt };
}

/**
 * The answer that this Idempotency-Key was given before, from a stored receipt or earlier in the batch.
 * `null` when the request has no key or a new one.
 */
export function replayOf(
  request: CommandRequest,
  receipts: readonly Receipt[],
  answered: readonly Answered[],
): Decided | null {
  const { workspace, idempotency } = request;
  if (idempotency === undefined) return null;
  const isSame = (of: string, { operation, keyHash }: Pick<Idempotency, "operation" | "keyHash">) =>
    of === workspace && operation === idempotency.operation && keyHash === idempotency.keyHash;
  const receipt = receipts.find((row) => isSame(row.workspace, row));
  const twin = answered.find((each) => isSame(each.request.workspace, each.idempotency));
  const known = receipt ?? twin?.idempotency;
  if (known === undefined) return null;
  if (known.fingerprint !== idempotency.fingerprint) {
    const detail = "This Idempotency-Key was used with another request. Use a new key.";
    return { ok: false, refusal: { code: "IDEMPOTENCY_KEY_REUSED", detail } };
  }
  return { ok: true, reply: receipt ? replyIn(receipt) : (twin?.reply ?? null), replayed: true };
}

const replyIn = ({ reply }: Receipt) => JSON.parse(reply) as Replies[keyof Replies];
