import { endingAt } from "../domain/claim.ts";
import type { Command } from "../domain/commands.ts";
import type { AddReply, DecidedReply, Replies } from "../domain/replies.ts";
import type { CommittedGroup } from "../domain/group.ts";
import { leaseEnd } from "../domain/lease.ts";
import { type Receipt, RECEIPT_LIFETIME_MS } from "../domain/receipt.ts";
import type { State } from "../domain/state.ts";
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
  const kept = withoutNames(attach(reply, group));
  return { ...key, fingerprint, position, reply: JSON.stringify(kept), expiresAt };
}

/**
 * The answer that this Idempotency-Key was given before, from a stored receipt or earlier in the batch.
 * `null` when the request has no key or a new one.
 */
export function replayOf(
  request: CommandRequest,
  receipts: readonly Receipt[],
  answered: readonly Answered[],
  state: State,
): Decided | null {
  const { workspace, idempotency, command } = request;
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
  if (receipt?.operation === "createJobGroup" && replyIn(receipt) === null) return DELETED;
  if (receipt === undefined) return { ok: true, reply: twin?.reply ?? null, replayed: true };
  const reply = withEnds(withNames(replyIn(receipt), command, state.jobs), state);
  return { ok: true, reply, replayed: true };
}

type Reply = Replies[keyof Replies];

const DELETED = {
  ok: false,
  refusal: { code: "GROUP_DELETED", detail: "The group created under this key was deleted." },
} as const;

const replyIn = ({ reply }: Receipt) => JSON.parse(reply) as Reply;

const isAdd = (reply: Reply): reply is AddReply => reply !== null && "added" in reply;

/** The names of 1,000 jobs can be longer than a row may be, so the receipt of an add leaves them out. */
const withoutNames = (reply: Reply): object | null =>
  reply !== null && isAdd(reply)
    ? { ...reply, jobs: reply.jobs.map(({ jobId, status }) => ({ jobId, status })) }
    : reply;

/** Puts the names back. A job that existed before the add is loaded by its number; the repeat names the others. */
function withNames(reply: Reply, command: Command, jobs: State["jobs"]): Reply {
  if (command.kind !== "add" || !isAdd(reply)) return reply;
  const named = reply.jobs.map(({ jobId, status }, index) => {
    const { jobNumber = null, documentName = "" } = command.jobs[index] ?? {};
    return {
      jobId,
      jobNumber,
      status,
      documentName: jobs.get(jobId)?.documentName ?? documentName,
    };
  });
  return { ...reply, jobs: named };
}

/** Beats may have moved the ends of the leases since they were granted. */
function withEnds(reply: Reply, state: State): Reply {
  if (reply === null || !("leases" in reply)) return reply;
  const leases = reply.leases.map((lease) => {
    const job = state.jobs.get(lease.jobId);
    const at = job?.leaseId === lease.leaseId ? leaseEnd(state.beats, job) : null;
    return at === null ? lease : endingAt(lease, at);
  });
  return { ...reply, leases };
}
