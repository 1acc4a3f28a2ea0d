/**
 * Measures the built Worker on workerd and prints the results in Markdown. All ratios are of the same run. The names of
 * parts run these parts alone; `--short` measures for a moment, `--pages` writes the results into the pages of `src/docs`.
 */
import { join } from "node:path";
import { cpus } from "node:os";
import { workFolder } from "../support/worker-server.ts";
import { claims } from "./claims.ts";
import { costs } from "./costs.ts";
import { crowds } from "./crowds.ts";
import { dashboard } from "./dashboard.ts";
import { distance } from "./distance.ts";
import { documents } from "./documents.ts";
import { footprint } from "./footprint.ts";
import { growth } from "./growth.ts";
import type { Scale } from "./load.ts";
import { writeIntoPage } from "./pages.ts";
import { longest } from "./longest.ts";
import { neighbours } from "./neighbours.ts";
import { processing } from "./processing.ts";
import { results } from "./results.ts";
import { search } from "./search.ts";
import { rowSizes } from "./row-sizes.ts";
import { measureScale, scaleParts } from "./scale.ts";
import { sweeps } from "./sweeps.ts";
import { throttledService } from "./throttled.ts";
import { throughput } from "./throughput.ts";
import { together } from "./together.ts";

const FULL: Scale = {
  rounds: 5,
  seconds: 2,
  sizes: [1e3, 1e4, 1e5, 1e6],
  distant: true,
  jobs: 100_000,
};
const SHORT: Scale = { rounds: 1, seconds: 1, sizes: [1e3, 1e4], distant: false, jobs: 10_000 };

const wanted = process.argv.slice(2).filter((name) => !name.startsWith("--"));
const scale = process.argv.includes("--short") ? SHORT : FULL;
/** `--kind=adds` lets the neighbour send only requests of kinds that are named so. */
const kindOfRequest = process.argv.find((name) => name.startsWith("--kind="))?.slice(7);
const folder = workFolder();
const parts: Record<string, () => Promise<string>> = {
  throughput: () => throughput(join(folder, "throughput"), scale),
  distance: () => distance(join(folder, "distance"), scale),
  processing: () => processing(join(folder, "processing"), scale),
  claims: () => claims(join(folder, "claims"), scale),
  crowds: () => crowds(join(folder, "crowds")),
  growth: () => growth(scale.sizes),
  longest: () => longest(Math.max(...scale.sizes)),
  search: () => search(scale),
  neighbours: () => neighbours(join(folder, "neighbours"), scale, kindOfRequest),
  together: () => together(join(folder, "together"), scale),
  sweeps: () => sweeps(join(folder, "sweeps"), scale),
  costs: () => costs(join(folder, "costs")),
  documents: () => documents(join(folder, "documents"), scale),
  results: () => results(join(folder, "results"), { ...scale, jobs: scale.jobs / 5 }),
  footprint: () => footprint(join(folder, "footprint"), scale),
  rows: rowSizes,
  throttled: async () => throttledService(),
  dashboard: () => dashboard(scale),
};
const startedAt = Date.now();
const isToldInPages = process.argv.includes("--pages");
function tell(name: string, text: string): void {
  console.log(`### ${name}\n\n${text}`);
  if (isToldInPages) writeIntoPage(name, text);
}
for (const [name, part] of Object.entries(parts)) {
  if (wanted.length === 0 || wanted.includes(name)) tell(name, await part());
}
if (wanted.length === 0 || wanted.includes("scale")) {
  await measureScale(join(folder, "scale"), scale);
}
if (wanted.length === 0 || wanted.includes("scale") || wanted.includes("simulated")) {
  for (const [name, text] of Object.entries(scaleParts())) tell(name, text);
}
const [cpu] = cpus();
const run =
  `${scale.rounds} rounds of ${scale.seconds} s, medians; ${cpus().length} × ${cpu?.model ?? "?"}, ` +
  `Node ${process.version}; ${Math.round((Date.now() - startedAt) / 1000)} s.`;
if (wanted.length === 0) tell("run", run);
else console.log(run);
process.exit(0);
