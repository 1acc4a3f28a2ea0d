import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const markers = (name: string) => [`<!-- ${name} -->`, `<!-- /${name} -->`] as const;

/** The page with a new text between the markers of a part. */
export function renewed(page: string, name: string, text: string): string {
  const [begin, end] = markers(name);
  const [from, until] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || until < from) throw new Error(`the page has no part ${name}`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(until)}`;
}

/** Writes a part into the one page that has its markers. */
export function writeIntoPage(name: string, text: string): void {
  const page = globSync("src/docs/*.md").find((path) =>
    readFileSync(path, "utf8").includes(markers(name)[0]),
  );
  if (page === undefined) throw new Error(`no page has a part ${name}`);
  writeFileSync(page, renewed(readFileSync(page, "utf8"), name, text));
  execFileSync(join("node_modules", ".bin", "oxfmt"), [page]);
}
