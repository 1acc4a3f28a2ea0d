/** The uses of a key. Every operation asks for exactly one. */
export const SCOPES = ["groups:read", "groups:write", "jobs:process", "keys:admin"] as const;

export type Scope = (typeof SCOPES)[number];

/** A key as it is listed. The key itself is not known: only its SHA-256 is stored. */
export interface ApiKey {
  readonly id: string;
  readonly workspace: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  readonly lastUsedAt: number | null;
}

type Grant = Pick<ApiKey, "name" | "workspace" | "scopes" | "expiresAt">;

export const newApiKey = (id: string, grant: Grant, now: number): ApiKey => ({
  ...grant,
  id,
  createdAt: now,
  revokedAt: null,
  lastUsedAt: null,
});

/** The caller who creates a key. */
interface Grantor {
  readonly scopes: readonly Scope[];
  /** The workspace that the caller may create keys for; `undefined` for any. */
  readonly workspace: string | undefined;
}

/** The reason why the caller may not create such a key; `null` when it may. */
export function grantFault(
  grantor: Grantor,
  { workspace, scopes }: Pick<Grant, "workspace" | "scopes">,
): string | null {
  const beyond = scopes.filter((scope) => !grantor.scopes.includes(scope));
  if (beyond.length > 0) return `This key gives only scopes it has: not ${beyond.join(", ")}.`;
  if (grantor.workspace !== undefined && workspace !== grantor.workspace) {
    return "This key creates keys only in its own workspace.";
  }
  return null;
}

export const isUsable = ({ revokedAt, expiresAt }: ApiKey, now: number): boolean =>
  revokedAt === null && (expiresAt === null || now < expiresAt);
