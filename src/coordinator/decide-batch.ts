import { expireLeases } from "../domain/attempts.ts";
import { decide } from "../domain/decide.ts";
import type { Group } from "../domain/group.ts";
import type { State, Sweep } from "../domain/state.ts";
import type { Receipt } from "../domain/receipt.ts";
import type { Decided } from "./decided.ts";
import type { CommandRequest } from "./protocol.ts";
import { type Answered, replayOf } from "./receipts.ts";

/** The state that a batch of requests leads to. Nothing of it is stored yet. */
export interface DecidedBatch {
  /** The very state that was given when the batch changes nothing. */
  readonly after: State;
  readonly sweep: Sweep | undefined;
  /** The group after the batch, or just before the batch deletes it. */
  readonly shown: Group | null;
  /** One for each request, in their order. */
  readonly outcomes: readonly Decided[];
  /** The requests whose answer is stored under their Idempotency-Key. */
  readonly withReceipt: readonly Answered[];
}

/** Decides one request after the other, each on the state that the requests before it have left. */
export function decideBatch(
  before: State,
  requests: readonly CommandRequest[],
  receipts: readonly Receipt[],
  now: number,
): DecidedBatch {
  let state = expireLeases(before, now);
  let sweep: Sweep | undefined;
  let shown = state.group;
  const withReceipt: Answered[] = [];
  const decideOne = (request: CommandRequest): Decided => {
    const { workspace, command, idempotency } = request;
    const decision = decide(state, workspace, command, now);
    if (!decision.ok) return decision;
    const { reply, rest } = decision;
    // A command in steps is answered after its last, and so is a repeat under its key.
    if (decision.state !== state && idempotency && !rest)
      withReceipt.push({ request, idempotency, reply });
    ({ state, sweep } = { sweep: undefined, ...decision });
    shown = state.group ?? shown;
    return { ok: true, reply, replayed: false, ...(rest && { rest }) };
  };
  const outcomes = requests.map(
    (request) =>
      replayOf(request, receipts, withReceipt, state) ?? caught(() => decideOne(request)),
  );
  return { after: state, sweep, shown, outcomes, withReceipt };
}

function caught(decideOne: () => Decided): Decided {
  try {
    return decideOne();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}
