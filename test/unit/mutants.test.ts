import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MUTANTS } from "../mutants/mutants.ts";

const TITLE = /\b(?:test|it|describe)\b[^;]*?\(\s*(["'`])(.*?)\1,/gs;
const titlesIn = (file: string) =>
  Array.from(readFileSync(file, "utf8").matchAll(TITLE), ([, , title = ""]) => title);

test.each(MUTANTS)("the mutant '$name' names text that its file has exactly once", (mutant) => {
  expect(readFileSync(mutant.file, "utf8").split(mutant.find)).toHaveLength(2);
});

test.each(MUTANTS)("the mutant '$name' names a test that exists", ({ killedBy }) => {
  const titles = titlesIn(killedBy.file);
  expect(titles.filter((title) => new RegExp(killedBy.test).test(title))).not.toEqual([]);
});

test("no two mutants have the same name", () => {
  const names = MUTANTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
