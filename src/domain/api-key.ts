/** What a key may be used for; every operation asks for exactly one. */
export const SCOPES = ["groups:read", "groups:write", "jobs:process", "keys:admin"] as const;

export type Scope = (typeof SCOPES)[number];

/** What is known of a key: never the key itself, of which only a SHA-256 is stored. */
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

export const isUsable = ({ revokedAt, expiresAt }: ApiKey, now: number): boolean =>
  revokedAt === null && (expiresAt === null || now < expiresAt);
