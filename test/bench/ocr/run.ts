/**
 * Reads sample invoices and holds every field against the truth: `npm run bench:ocr`. `--seed 7` makes 24 other
 * invoices, `--count 48` more of them; `--engine ./my-engine.ts` reads with the OcrEngine that the module's default
 * export makes; `--write FOLDER` keeps the samples. The exit code is 1 when an aim is missed.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import type { OcrEngine } from "../../../src/processor/reader/document/engine.ts";
import { readDocument } from "../../../src/processor/reader/document/read-document.ts";
import { createTesseract } from "../../../src/processor/reader/document/tesseract.ts";
import { extractInvoice } from "../../../src/processor/reader/extract/extract-invoice.ts";
import { DEFAULT_LIMITS } from "../../../src/processor/reader/limits.ts";
import { makeSamples } from "../../../src/processor/samples/make-samples.ts";
import {
  ESSENTIAL,
  FIELDS,
  shareRight,
  wrongFields,
} from "../../../src/processor/samples/score.ts";
import { type Read, report } from "./report.ts";

const AIMS = { essential: 0.95, all: 0.85 };

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    count: { type: "string", default: "24" },
    engine: { type: "string" },
    write: { type: "string" },
  },
});
const engine = await createEngine(values.engine);
const scored: Read[] = [];
for await (const { name, kind, bytes, truth } of makeSamples({
  seed: Number(values.seed),
  count: Number(values.count),
})) {
  if (values.write) await keep(values.write, name, bytes, truth);
  const startedAt = performance.now();
  const pages = await readDocument(bytes, engine, DEFAULT_LIMITS);
  const { extractedData, confidence } = extractInvoice(pages);
  const seconds = (performance.now() - startedAt) / 1000 / pages.length;
  const wrong = wrongFields(extractedData, truth);
  scored.push({ name, kind, seconds, wrong });
  console.log(
    `${name} ${seconds.toFixed(1)} s, confidence ${confidence}${wrong.length > 0 ? `, wrong: ${wrong.join(", ")}` : ""}`,
  );
}
await engine.close();
const [cpu] = cpus();
console.log(
  `\n${report(scored)}\n\nseed ${values.seed}, ${cpus().length} × ${cpu?.model ?? "?"}, Node ${process.version}`,
);
const reached =
  shareRight(scored, ESSENTIAL) >= AIMS.essential && shareRight(scored, FIELDS) >= AIMS.all;
process.exitCode = reached ? 0 : 1;

async function createEngine(path: string | undefined): Promise<OcrEngine> {
  if (path === undefined) return createTesseract();
  const module = (await import(pathToFileURL(resolve(path)).href)) as {
    default: () => Promise<OcrEngine>;
  };
  return module.default();
}

async function keep(folder: string, name: string, bytes: Uint8Array, truth: unknown) {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), bytes);
  await writeFile(join(folder, `${name}.json`), `${JSON.stringify(truth, null, 2)}\n`);
}
