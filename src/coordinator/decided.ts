import type { Command } from "../domain/commands.ts";
import type { DecidedReply, Replies } from "../domain/replies.ts";
import type { CommittedGroup } from "../domain/group.ts";
import type { Outcome } from "./protocol.ts";

type Reply = DecidedReply | Replies[keyof Replies];

/** An outcome before the commit. An `Error` is a bug in the rules of that one request. */
export type Decided =
  | {
      readonly ok: true;
      readonly reply: Reply;
      readonly replayed: boolean;
      readonly rest?: Command;
    }
  | Extract<Outcome, { ok: false }>
  | Error;

/** Replaces the reply `group` by the committed group. */
export function attach(reply: Reply, group: CommittedGroup | null): Replies[keyof Replies] {
  if (reply === "group") return group;
  if (group === null || reply === null || !("matched" in reply)) return reply as Replies["claim"];
  return { ...reply, group };
}

/** Attaches the committed group to every outcome that shows it, so all of a batch show the same. */
export const outcomesOf = (
  decided: readonly Decided[],
  group: CommittedGroup | null,
): (Outcome | Error)[] =>
  decided.map((outcome) =>
    outcome instanceof Error || !outcome.ok
      ? outcome
      : { ...outcome, reply: attach(outcome.reply, group) },
  );
