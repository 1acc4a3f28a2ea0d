import { access, readFile } from "node:fs/promises";
import { expect, test } from "vitest";

const page = await readFile("SECURITY.md", "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| API"));
const FILE = /`((?:src|test)\/[^`]+)`/g;

test("the security page names each of the ten risks once, in their order", () => {
  const numbers = rows.map((row) => Number(/^\| API(\d+):2023 /.exec(row)?.[1]));
  expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test.each(rows)("%s: the guard is there, and so is the test", async (row) => {
  const [, , , where = "", shown = ""] = row.split("|");
  const guards = Array.from(where.matchAll(FILE), ([, path = ""]) => path);
  expect(guards.length).toBeGreaterThan(0);
  await Promise.all(guards.map((path) => access(path)));
  const [, file = "", title = ""] = /`(test\/[^`]+)`: "([^"]+)"/.exec(shown) ?? [];
  expect(title).not.toBe("");
  expect(await readFile(file, "utf8")).toContain(title);
});
