import { expect, test } from "vitest";
import { Company } from "../../src/lib/company.ts";

test("a caller has company for a second after another has called, however often it calls itself", () => {
  const company = new Company();
  expect(company.has("a", 0)).toBe(false);
  expect(company.has("a", 10)).toBe(false);
  expect(company.has("b", 20)).toBe(true);
  expect(company.has("a", 30)).toBe(true);
  expect(company.has("a", 1_000)).toBe(true);
  expect(company.has("a", 1_021)).toBe(false);
  expect(company.isBeside("b", 1_022)).toBe(true);
  expect(company.isBeside("a", 1_022)).toBe(false);
});
