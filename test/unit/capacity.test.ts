import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { capacity, capacityOf, dollars, groupCosts } from "../bench/capacity.ts";
import { renewed } from "../bench/pages.ts";
import { measured } from "../bench/scale.ts";
import { lastMeasured } from "../bench/simulator/measured.ts";

const page = readFileSync("src/docs/scale.md", "utf8");
/** The cells of a table, however wide its columns are. */
const cellsOf = (table: string) =>
  table
    .trim()
    .split("\n")
    .filter((line) => !/^\|[-:| ]+\|$/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()));
const part = (name: string) =>
  new RegExp(`<!-- ${name} -->(.*)<!-- /${name} -->`, "s").exec(page)?.[1] ?? "";

test("the page on scale shows what the model and the last measurements give", () => {
  expect(cellsOf(part("capacity"))).toEqual(cellsOf(capacity(lastMeasured())));
  expect(cellsOf(part("measured"))).toEqual(cellsOf(measured(lastMeasured())));
});

test("a group of 100 jobs costs the rows that the page on deploying counts", () => {
  const deploying = readFileSync("src/docs/deploy.md", "utf8");
  const { rowsRead, rowsWritten } = groupCosts;
  expect(deploying).toContain(`: ${rowsWritten} a group`);
  expect(deploying).toContain(`: ${rowsRead.toLocaleString("en")} a group`);
});

test("only what is beyond the included amount is paid", () => {
  expect(dollars({ rowsWritten: 50e6, workerRequests: 10e6, databaseBytes: 5e9 })).toBe(0);
  expect(dollars({ rowsWritten: 52e6 })).toBeCloseTo(2);
  expect(dollars({ databaseBytes: 8e9 })).toBeCloseTo(2.25);
  expect(dollars({ workerRequests: 20e6, objectRequests: 3e6 })).toBeCloseTo(3.3);
});

test("four databases hold and do four times what one does, and what is included is included once", () => {
  const [one, four] = [capacityOf(1, lastMeasured()), capacityOf(4, lastMeasured())];
  expect(four.jobs / one.jobs).toBeCloseTo(4);
  expect(four.jobsASecond / one.jobsASecond).toBeCloseTo(4);
  expect(four.dollars).toBeGreaterThan(4 * one.dollars);
});

test("a part of a page is written anew between its markers, and nothing else is", () => {
  const page = (text: string) => `# A\n\n<!-- one -->\n\n${text}\n\n<!-- /one -->\n\nB\n`;
  expect(renewed(page("old"), "one", "new\n")).toBe(page("new"));
});

test("a part that the page does not hold becomes its last section", () => {
  const section = "## two\n\n<!-- two -->\n\nnew\n\n<!-- /two -->\n";
  expect(renewed("# A\n\nB\n", "two", "new")).toBe(`# A\n\nB\n\n${section}`);
});
