import { expect, test } from "vitest";
import {
  grantFault,
  isUsable,
  newApiKey,
  SCOPES,
  type Scope,
} from "../../../src/domain/api-key.ts";

const grant = (workspace: string, ...scopes: Scope[]) => ({
  name: "OCR workers",
  workspace,
  scopes,
  expiresAt: null,
});
const admin = { scopes: ["groups:read", "keys:admin"], workspace: "accounting" } as const;

test("a key gives only scopes it has, and the refusal names the others", () => {
  expect(grantFault(admin, grant("accounting", "groups:read"))).toBeNull();
  const wanted = grant("accounting", "groups:read", "groups:write", "jobs:process");
  expect(grantFault(admin, wanted)).toMatch(/: not groups:write, jobs:process\.$/);
});

test("a key gives keys only for its own workspace, the root key for any", () => {
  expect(grantFault(admin, grant("sales", "groups:read"))).toMatch(/only in its own workspace/);
  const root = { scopes: SCOPES, workspace: undefined };
  expect(grantFault(root, grant("sales", ...SCOPES))).toBeNull();
});

test("a key is usable until it expires, and not once it is revoked", () => {
  const key = newApiKey("0".repeat(24), { ...grant("sales", "groups:read"), expiresAt: 20 }, 10);
  expect(isUsable(key, 19)).toBe(true);
  expect(isUsable(key, 20)).toBe(false);
  expect(isUsable({ ...key, expiresAt: null }, 1e15)).toBe(true);
  expect(isUsable({ ...key, revokedAt: 11 }, 12)).toBe(false);
});
