import type { Scope } from "../../domain/api-key.ts";

/** The caller, as its key identifies it. */
export interface Principal {
  readonly keyId: string;
  readonly name: string;
  readonly workspace: string;
  /** The number of the database that the workspace lives in. */
  readonly shard: number;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
}
