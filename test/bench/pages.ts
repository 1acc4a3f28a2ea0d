import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const markers = (name: string) => [`<!-- ${name} -->`, `<!-- /${name} -->`] as const;
const holds = (page: string, name: string): boolean =>
  markers(name).every((marker) => page.includes(marker));

/** The page with a new text between the markers of a part. A part that it does not hold becomes its last section. */
export function renewed(page: string, name: string, text: string): string {
  const [begin, end] = markers(name);
  const part = `${begin}\n\n${text.trim()}\n\n${end}`;
  if (!holds(page, name)) return `${page.trimEnd()}\n\n## ${name}\n\n${part}\n`;
  return page.slice(0, page.indexOf(begin)) + part + page.slice(page.indexOf(end) + end.length);
}

/** Writes a part into the page that holds it, a new one into that of the benchmark. */
export function writeIntoPage(name: string, text: string): void {
  const page =
    globSync("src/docs/*.md").find((path) => holds(readFileSync(path, "utf8"), name)) ??
    "src/docs/benchmark.md";
  writeFileSync(page, renewed(readFileSync(page, "utf8"), name, text));
  execFileSync(join("node_modules", ".bin", "oxfmt"), [page]);
}
