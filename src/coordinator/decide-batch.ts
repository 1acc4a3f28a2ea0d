import { expireLeases } from "../domain/attempts.ts";
import type { Replies } from "../domain/commands.ts";
import { decide } from "../domain/decide.ts";
import type { Group } from "../domain/group.ts";
import type { State, Sweep } from "../domain/state.ts";
import { type Receipt, RECEIPT_LIFETIME_MS } from "../domain/receipt.ts";
import type { CommandRequest, Outcome } from "./protocol.ts";

/** What a batch of requests makes of a state; nothing is stored yet. */
export interface DecidedBatch {
  readonly after: State;
  readonly sweep: Sweep | undefined;
  /** One for each request, in their order; an `Error` is a bug in that request's rules. */
  readonly outcomes: readonly (Outcome | Error)[];
  /** Positions of the requests whose answer is stored in a receipt under their Idempotency-Key. */
  readonly withReceipt: readonly number[];
}

/** Decides one request after the other, each on what the ones before it have made of the state. */
export function decideBatch(
  before: State,
  requests: readonly CommandRequest[],
  stored: readonly Receipt[],
  now: number,
): DecidedBatch {
  let state = expireLeases(before, now);
  let sweep: Sweep | undefined;
  const outcomes: (Outcome | Error)[] = [];
  const withReceipt: number[] = [];
  const decideOne = (request: CommandRequest): Outcome | Error => {
    try {
      const decision = decide(state, request.workspace, request.command, now);
      if (!decision.ok) return decision;
      if (decision.state !== state && request.idempotency) withReceipt.push(outcomes.length);
      ({ state, sweep } = { sweep: undefined, ...decision });
      return { ok: true, reply: decision.reply, replayed: false };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  };
  for (const request of requests) {
    const twin = withReceipt.find((index) => sameKey(requests[index], request));
    const known = [
      ...stored,
      ...(twin === undefined ? [] : receiptAt(twin, requests, outcomes, now)),
    ];
    outcomes.push(replayOf(request, known) ?? decideOne(request));
  }
  return { after: state, sweep, outcomes, withReceipt };
}

/** Answers that show the group show it as committed, whatever came after in the same batch. */
export function showing(group: Group | null, { outcomes }: DecidedBatch): DecidedBatch["outcomes"] {
  return outcomes.map((outcome) => {
    if (outcome instanceof Error || !outcome.ok || outcome.replayed || group === null)
      return outcome;
    const showsGroup = outcome.reply !== null && "revision" in outcome.reply;
    return showsGroup ? { ...outcome, reply: group } : outcome;
  });
}

/** The receipt to store for the request at `index`; none when it has no Idempotency-Key. */
export function receiptAt(
  index: number,
  requests: readonly CommandRequest[],
  outcomes: DecidedBatch["outcomes"],
  now: number,
): Receipt[] {
  const [request, outcome] = [requests[index], outcomes[index]];
  if (!request?.idempotency || outcome === undefined || outcome instanceof Error || !outcome.ok) {
    return [];
  }
  const { groupId, workspace, idempotency } = request;
  const reply = JSON.stringify(outcome.reply);
  const { operation, keyHash, fingerprint, position = 0 } = idempotency;
  const key = { workspace, operation, keyHash, groupId };
  const expiresAt = request.command.kind === "create" ? null : now + RECEIPT_LIFETIME_MS;
  return [{ ...key, fingerprint, position, reply, expiresAt }];
}

/** What a request under a known Idempotency-Key is answered instead of being decided. */
function replayOf(request: CommandRequest, receipts: readonly Receipt[]): Outcome | null {
  const { workspace, idempotency } = request;
  const receipt = receipts.find((row) => sameKey({ workspace, idempotency: row }, request));
  if (idempotency === undefined || receipt === undefined) return null;
  if (receipt.fingerprint !== idempotency.fingerprint) {
    const detail = "This Idempotency-Key was used with another request. Use a new key.";
    return { ok: false, refusal: { code: "IDEMPOTENCY_KEY_REUSED", detail } };
  }
  const reply = JSON.parse(receipt.reply) as Replies[keyof Replies];
  return { ok: true, reply, replayed: true };
}

type Keyed = Pick<CommandRequest, "workspace" | "idempotency">;

const sameKey = (a: Keyed | undefined, b: Keyed): boolean =>
  a?.idempotency !== undefined &&
  a.workspace === b.workspace &&
  a.idempotency.operation === b.idempotency?.operation &&
  a.idempotency.keyHash === b.idempotency.keyHash;
