/** What a key may be used for; every operation asks for exactly one. */
export const SCOPES = ["groups:read", "groups:write", "jobs:process", "keys:admin"] as const;

export type Scope = (typeof SCOPES)[number];
