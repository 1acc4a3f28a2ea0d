import type { ClaimFilter } from "../domain/claim-filter.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { Command } from "../domain/commands.ts";
import type { Refusal } from "../domain/refusals.ts";
import type { Replies } from "../domain/replies.ts";
import type { CommitQuotas } from "../store/write/commit.ts";
import { thousands } from "../lib/thousands.ts";

/** One command to one group, as it travels to the group's coordinator. */
export interface CommandRequest {
  readonly groupId: string;
  readonly workspace: string;
  /** The number of the database that the workspace lives in. */
  readonly shard: number;
  readonly command: Command;
  readonly idempotency?: Idempotency;
  /** The bytes of documents that the workspace may have, for a command that stores some. */
  readonly mostStoredBytes?: number;
}

/** The wait of a claim that finds nothing, as it travels to the group's coordinator. */
export interface Patience {
  readonly waitMs: number;
  /** Random. Names the caller, who may leave. */
  readonly ticket: string;
}

export interface Idempotency {
  readonly operation: string;
  /** The place of this group among those asked in turn under one key. Each stores its own answer. */
  readonly position?: number;
  readonly keyHash: string;
  /** Hash of the request. The same key with another request is refused. */
  readonly fingerprint: string;
}

/** A claim over all groups of a workspace. */
export interface ClaimAny {
  readonly workspace: string;
  readonly shard: number;
  readonly workerId: string;
  readonly maxJobs: number;
  readonly filter?: ClaimFilter;
  readonly heartbeatSeconds?: number | undefined;
  readonly idempotency?: Idempotency;
}

export type CommandRefusal =
  | Refusal
  | {
      readonly code: "IDEMPOTENCY_KEY_REUSED" | "GROUP_DELETED" | "UNAVAILABLE";
      readonly detail: string;
    };

/** The answer to a command. A refusal is an answer too, because an error thrown over RPC loses its class. */
export type Outcome<Kind extends Command["kind"] = Command["kind"]> =
  | {
      readonly ok: true;
      readonly reply: Replies[Kind];
      readonly replayed: boolean;
      /** D1's bookmark after the commit. A session that begins with it reads what was committed. */
      readonly bookmark?: string;
      /** The next step of the command. Nobody is answered before the last. */
      readonly rest?: Command;
    }
  | { readonly ok: false; readonly refusal: CommandRefusal };

/** A delivery that is due again, and the bookmark of the write that made it due. */
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

/** The refusal of a creation, and of an upload. */
export function overQuota(
  { kind }: Command,
  { groups = 0, storedBytes = 0 }: CommitQuotas,
): Outcome {
  if (kind === "create") {
    const detail = `The workspace has ${thousands(groups)} groups, and may not have more.`;
    return { ok: false, refusal: { code: "GROUP_LIMIT", detail } };
  }
  const detail = `The documents of a workspace may have ${thousands(storedBytes)} bytes together.`;
  return { ok: false, refusal: { code: "STORAGE_LIMIT", detail } };
}
