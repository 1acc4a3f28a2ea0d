import { expect, test } from "vitest";
import { groupIdUnder, isId, LEASE_ID_LENGTH, leaseIdAfter } from "../../../src/domain/ids.ts";
import { sha256Hex } from "../../../src/lib/sha256.ts";

test("an id is 24 lower-case hex characters and nothing else", () => {
  expect(isId("65f1a2b3c4d5e6f7a8b9c0d1")).toBe(true);
  for (const other of ["", "65F1A2B3C4D5E6F7A8B9C0D1", "65f1a2b3c4d5e6f7a8b9c0d", "x".repeat(24)]) {
    expect(isId(other)).toBe(false);
  }
});

test("the same key in the same workspace stands for the same group, and for no other", async () => {
  const id = await groupIdUnder("accounting", "key", sha256Hex);
  expect(isId(id)).toBe(true);
  expect(await groupIdUnder("accounting", "key", sha256Hex)).toBe(id);
  expect(await groupIdUnder("sales", "key", sha256Hex)).not.toBe(id);
  expect(await groupIdUnder("accounting", "other", sha256Hex)).not.toBe(id);
});

test("the lease after a lease is always the same one", async () => {
  const next = await leaseIdAfter("lease", sha256Hex);
  expect(next).toHaveLength(LEASE_ID_LENGTH);
  expect(await leaseIdAfter("lease", sha256Hex)).toBe(next);
  expect(await leaseIdAfter("other", sha256Hex)).not.toBe(next);
});
