import { expect, test } from "vitest";
import { charactersIn } from "../../src/lib/characters-in.ts";

test("counts all texts of a value, and something for everything else in it", () => {
  expect(charactersIn("x".repeat(1_000))).toBe(1_000);
  const value = { kind: "add", jobs: [{ name: "x".repeat(1_000), pages: 7, url: null }] };
  expect(charactersIn(value)).toBeGreaterThan(1_010);
  expect(charactersIn(value)).toBeLessThanOrEqual(JSON.stringify(value).length);
});
