/**
 * `npm run demo`, beside `npm run dev`: makes sample invoices, uploads them, has them read by the reference reader and
 * shows what was read beside what is true. `--url`, `--key`, `--concurrency 2`, `--count 24`, `--seed 1`.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs, parseEnv } from "node:util";
import { createProcessor } from "../kit/index.ts";
import { closeReader, readInvoice } from "../reader/read-invoice.ts";
import { makeSamples, type Sample } from "../samples/make-samples.ts";
import { ESSENTIAL, FIELDS, share, wrongFields } from "../samples/score.ts";
import { type Api, groupsOf, readCsv, readOutcomes, startBatch } from "./batch.ts";
import { drawProgress, progressLine } from "./progress.ts";
import { resultTable } from "./table.ts";

const LOOK_MS = 500;
const FOLDER = "dist/demo";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://localhost:8787" },
    key: { type: "string" },
    concurrency: { type: "string", default: "2" },
    count: { type: "string", default: "24" },
    seed: { type: "string", default: "1" },
  },
});
const { url } = values;
const key = values.key ?? (await developmentKey());
const api = { url, key };

const startedAt = performance.now();
await assertServerRuns();
const samples = await makeAll({ seed: Number(values.seed), count: Number(values.count) });
const id = await startBatch(api, samples);
console.log(`\nWatch it: ${url}/dashboard/groups/${id}#key=${encodeURIComponent(key)}\n`);
await readAll(id);
await showResults(id);

/** The key that `npm run dev` takes. */
async function developmentKey(): Promise<string> {
  const file = existsSync(".dev.vars") ? ".dev.vars" : ".dev.vars.development";
  return parseEnv(await readFile(file, "utf8"))["ROOT_API_KEY"] ?? "";
}

async function assertServerRuns(): Promise<void> {
  const answer = await fetch(`${url}/health`).catch(() => undefined);
  if (answer?.ok) return;
  console.error(`Nothing answers on ${url}. Start the API first: npm run dev`);
  process.exit(1);
}

async function makeAll(options: { seed: number; count: number }): Promise<Sample[]> {
  const made: Sample[] = [];
  for await (const sample of makeSamples(options)) {
    made.push(sample);
    drawProgress(`making invoices: ${made.length}/${options.count}`, "making");
  }
  return made;
}

async function readAll(groupId: string): Promise<void> {
  const processor = createProcessor({
    url,
    apiKey: key,
    groupId,
    workerId: "demo",
    concurrency: Number(values.concurrency),
    read: (job, { signal }) => readInvoice(job.document, { signal }),
  });
  const begun = performance.now();
  const ended = new AbortController();
  const drawing = drawUntil(ended.signal, api, groupId, begun);
  try {
    await processor.run();
  } finally {
    closeReader();
    ended.abort();
    await drawing;
  }
}

async function drawUntil(ended: AbortSignal, from: Api, groupId: string, begun: number) {
  const one = groupsOf(from)[":id"];
  for (let isLast = false; !isLast;) {
    isLast = ended.aborted;
    const answer = await one.$get({ param: { id: groupId } }).catch(() => undefined);
    if (answer?.status === 200) {
      const { data } = await answer.json();
      const { completedJobs, failedJobs } = data;
      const seconds = (performance.now() - begun) / 1000;
      drawProgress(progressLine(data, seconds), `${completedJobs} ${failedJobs}`);
    }
    if (!isLast) await sleep(LOOK_MS, undefined, { signal: ended }).catch(() => undefined);
  }
}

async function showResults(groupId: string): Promise<void> {
  const outcomes = await readOutcomes(api, groupId, samples);
  const scored = outcomes.map(({ sample, extractedData }) => ({
    wrong: wrongFields(extractedData, sample.truth),
  }));
  await mkdir(FOLDER, { recursive: true });
  await writeFile(`${FOLDER}/results.csv`, await readCsv(api, groupId));
  console.log(`\n\n${resultTable(outcomes)}\n`);
  console.log(
    `Right: ${share(scored, ESSENTIAL)} of ${ESSENTIAL.join(", ")}; ${share(scored, FIELDS)} of all fields.`,
  );
  console.log(
    `Written: ${FOLDER}/results.csv. It took ${((performance.now() - startedAt) / 1000).toFixed(0)} s.`,
  );
  console.log(`The group: ${url}/dashboard/groups/${groupId}#key=${encodeURIComponent(key)}`);
}
