import { expect, test } from "vitest";
import { Company } from "../../src/lib/company.ts";

const ENOUGH = 2;

test("a caller has company from the call of another on, for one second at least and two at most", () => {
  const company = new Company();
  company.note("a", 5, 0);
  expect(company.modestBeside("a", ENOUGH, 0)).toBe(Infinity);
  company.note("b", 1, 10);
  expect(company.modestBeside("a", ENOUGH, 20)).toBe(1);
  expect(company.modestBeside("a", ENOUGH, 1_010)).toBe(1);
  expect(company.modestBeside("a", ENOUGH, 2_010)).toBe(Infinity);
});

test("the most modest of the others counts, by the most that it wanted", () => {
  const company = new Company();
  for (const [name, wanted] of [
    ["a", 50],
    ["b", 3],
    ["b", 8],
    ["b", 4],
    ["c", 20],
  ] as const) {
    company.note(name, wanted, 0);
  }
  expect(company.modestBeside("a", ENOUGH, 0)).toBe(8);
  expect(company.modestBeside("b", ENOUGH, 0)).toBe(20);
  company.note("b", 3, 1_000);
  expect(company.modestBeside("a", ENOUGH, 1_000)).toBe(8);
});
