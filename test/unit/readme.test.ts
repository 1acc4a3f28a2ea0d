import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { describeApi } from "../../src/reference/openapi/document.ts";
import { operationsOf } from "../../src/reference/openapi/operations.ts";
import manifest from "../../package.json" with { type: "json" };

const textOf = (path: string) => readFileSync(path, "utf8");
const pages = globSync(["*.md", "src/**/*.md"]).map((name) => ({
  name,
  text: textOf(name),
}));
const all = (text: string, pattern: RegExp) =>
  Array.from(text.matchAll(pattern), ([, found]) => found ?? "");

/** The anchor that GitHub gives a heading. */
const anchor = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, "")
    .replaceAll(" ", "-");

test.each(pages)("$name links to, and names, only what exists", ({ name, text }) => {
  const links = all(text, /\]\((?!https?:)([^)]+)\)/g).map((link) => {
    const [path = "", heading] = link.split("#");
    return { link, heading, file: path === "" ? name : join(dirname(name), path) };
  });
  const missing = links.filter(
    ({ file, heading }) =>
      !existsSync(file) ||
      (heading !== undefined &&
        !all(textOf(file), /^#+ (.+)$/gm)
          .map(anchor)
          .includes(heading)),
  );
  const named = all(text, /`((?:src|test|migrations)\/[\w./-]+)`/g);
  expect([...missing, ...named.filter((path) => !existsSync(path))]).toEqual([]);
});

test("the README leads to every page", () => {
  const linked = all(textOf("README.md"), /\]\(([^)#]+\.md)\)/g);
  expect(["README.md", ...linked].toSorted()).toEqual(pages.map(({ name }) => name).toSorted());
});

test("no page tells of a script that package.json lacks", () => {
  const scripts = pages.flatMap(({ text }) => all(text, /npm run ([\w:]+)/g));
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
});

test("the README names every operation that is served, and no other", () => {
  const [, table = ""] = /^## The API at a glance$(.*?)^A key/ms.exec(textOf("README.md")) ?? [];
  const [, rows = ""] = table.split(/^\| -.*$/m);
  const named = rows.split("\n").flatMap((row) => row.split("|")[2]?.match(/\w+/g) ?? []);
  const served = operationsOf(describeApi(createApp())).map(({ operation }) => operation);
  expect(named.toSorted()).toEqual(served.map(({ operationId }) => operationId).toSorted());
});

test("the workflows run what they say, with their actions pinned", () => {
  const [ci, nightly] = ["ci", "nightly"].map((name) => textOf(`.github/workflows/${name}.yml`));
  expect(ci).toContain("bash .ci/run");
  for (const command of ["npm ci", "npm test", "npm run check"]) {
    expect(textOf(".ci/run")).toContain(command);
  }
  for (const script of ["test:mutants", "test:crash", "test:soak", "bench"]) {
    expect(nightly).toContain(`"${script}`);
    expect(manifest.scripts).toHaveProperty([script]);
  }
  const used = all(`${ci}${nightly}`, /uses: (.+)/g);
  expect(used).toHaveLength(4);
  for (const action of used) expect(action).toMatch(/@[0-9a-f]{40} # v\d/);
});

test("the code tour leaves out no folder", () => {
  const folders = globSync("{src,test}/*", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${entry.parentPath.split("/").at(-1)}/${entry.name}`);
  const text = textOf("src/README.md");
  expect(folders.length).toBeGreaterThan(15);
  expect(folders.filter((folder) => !new RegExp(`\`${folder}[\`/]`).test(text))).toEqual([]);
});
