import type { Delivery } from "../domain/delivery.ts";
import type { Command, Refusal, Replies } from "../domain/commands.ts";

/** One command to one group, as it travels to the group's coordinator. */
export interface CommandRequest {
  readonly groupId: string;
  readonly workspace: string;
  readonly command: Command;
  readonly idempotency?: Idempotency;
}

export interface Idempotency {
  readonly operation: string;
  /** One key may stand for several groups, asked in turn: each has its own answer under it. */
  readonly position?: number;
  readonly keyHash: string;
  /** Hash of the request the key was first used with. */
  readonly fingerprint: string;
}

export type CommandRefusal =
  | Refusal
  | { readonly code: "IDEMPOTENCY_KEY_REUSED" | "UNAVAILABLE"; readonly detail: string };

/** Refusals are answers, not exceptions: an error thrown over RPC loses its class. */
export type Outcome<Kind extends Command["kind"] = Command["kind"]> =
  | {
      readonly ok: true;
      readonly reply: Replies[Kind];
      readonly replayed: boolean;
      /** D1's, as of the answer: a session that begins with it sees what was committed. */
      readonly bookmark?: string;
    }
  | { readonly ok: false; readonly refusal: CommandRefusal };

/** A notice that is due again, and the bookmark of the write that made it so. */
export interface Redelivery {
  readonly delivery: Delivery;
  readonly bookmark: string | null;
}

export const unavailable = {
  ok: false,
  refusal: {
    code: "UNAVAILABLE",
    detail: "The group could not be reached just now. Nothing is lost; send the request again.",
  },
} as const satisfies Outcome;
