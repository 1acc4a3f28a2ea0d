import { existsSync, globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { describeApi } from "../../src/reference/openapi/document.ts";
import { operationsOf } from "../../src/reference/openapi/operations.ts";
import manifest from "../../package.json" with { type: "json" };

const pages = ["README.md", "CONTRIBUTING.md", "SECURITY.md"].map((name) => ({
  name,
  text: readFileSync(name, "utf8"),
}));
const all = (text: string, pattern: RegExp) =>
  Array.from(text.matchAll(pattern), ([, found]) => found ?? "");

test.each(pages)("$name links to, and names, only what exists", ({ text }) => {
  const links = all(text, /\]\((?!https?:)([^)#]+)\)/g);
  const named = all(text, /`((?:src|test|migrations)\/[\w./-]+)`/g);
  expect(named.length).toBeGreaterThan(5);
  expect([...links, ...named].filter((path) => !existsSync(path))).toEqual([]);
});

test("no page tells of a script that package.json lacks", () => {
  const scripts = pages.flatMap(({ text }) => all(text, /npm run ([\w:]+)/g));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("README's table names no operation that is not served", () => {
  const [, table = ""] =
    /^## The API at a glance$(.*?)^A running/ms.exec(pages[0]?.text ?? "") ?? [];
  const rows = table.split("\n").filter((line) => /^\| [a-z]+[A-Z]/.test(line));
  const named = rows.flatMap((row) => row.split("|")[1]?.trim().split(", ") ?? []);
  const described = operationsOf(describeApi(createApp()));
  const ids = new Set(described.map(({ operation }) => operation.operationId));
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((name) => !ids.has(name))).toEqual([]);
});

test("the workflow runs what CI runs, with its actions pinned", () => {
  const [workflow, ci] = [".github/workflows/ci.yml", ".ci/run"].map((path) =>
    readFileSync(path, "utf8"),
  );
  for (const command of ["npm ci", "npm test", "npm run check"]) {
    expect(workflow).toContain(command);
    expect(ci).toContain(command);
  }
  const used = all(workflow ?? "", /uses: (.+)/g);
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/@[0-9a-f]{40} # v\d/);
});

test("the Code Tour leaves out no folder", () => {
  const folders = globSync("{src,test}/*", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.parentPath.split("/").at(-1)}/${entry.name}`);
  const text = pages[0]?.text ?? "";
  expect(folders.filter((folder) => !new RegExp(`\`${folder}[\`/]`).test(text))).toEqual([]);
});
