import { performance } from "node:perf_hooks";
import { newJob } from "../../src/domain/add-jobs.ts";
import type { Job } from "../../src/domain/job.ts";
import { runBatch } from "../../src/store/db.ts";
import { keyText } from "../../src/store/job-keys.ts";
import { compressed, readable } from "../../src/store/stored-result.ts";
import { insertJobs } from "../../src/store/write/insert-jobs.ts";
import { updateJobs } from "../../src/store/write/update-jobs.ts";
import { invoiceOf } from "../support/invoice.ts";
import { NodeD1 } from "../support/node-d1.ts";
import { table } from "./load.ts";
import { seed } from "./seed.ts";

const JOBS = 1_500;
const AT = Date.UTC(2026, 8);
const OWNER = { groupId: "8c1f0f0c5e0b4a6d9e7f2a1b", workspace: "accounting", rowid: 1 };

const added = (index: number): Job => {
  const document = {
    documentName: `invoice-${index}.pdf`,
    documentUrl: `https://files.example.com/2026/08/invoice-${index}.pdf`,
    documentType: "pdf",
    jobNumber: null,
    metadata: null,
  } as const;
  return newJob(`${index.toString(16).padStart(5, "0")}a7c3e19b5d2f4c6e8a1`, document, AT);
};

const claimed = (job: Job): Job => ({
  ...job,
  status: "processing",
  attempts: 1,
  leaseId: "5d2f4c6e8a1b7c3e19b5d2f4c6e8a1b7",
  leasedAt: AT + 1,
  attemptEndsAt: AT + 1_800_000,
  workerId: "ocr-worker-7",
  updatedAt: AT + 1,
});

const completed = (job: Job, extractedData: string | null): Job => ({
  ...claimed(job),
  status: "completed",
  leaseOutcome: "completed",
  attemptEndsAt: null,
  pages: 2,
  costMicros: 15_000,
  currency: "USD",
  confidence: 0.93,
  processingMs: 8_000,
  extractedData,
  completedAt: AT + 8_000,
});

/** The bytes of the database for each job that was added, claimed and completed, one after the other. */
export async function bytesAJob(
  results: readonly (string | null)[],
  asText: boolean,
): Promise<number> {
  const { sqlite, db } = new NodeD1().migrate();
  seed(sqlite, 1);
  sqlite.exec(`UPDATE job_group SET id = '${OWNER.groupId}'`);
  const pages = () => Number(sqlite.prepare("PRAGMA page_count").get()?.["page_count"]);
  const before = pages();
  const jobs = results.map((_, index) => added(index));
  for (let from = 0; from < jobs.length; from += 1_000)
    await runBatch(db, insertJobs(OWNER, jobs.slice(from, from + 1_000)));
  const plain = sqlite.prepare(
    `UPDATE job SET extracted_data = ? WHERE key = ${keyText("1", "?")}`,
  );
  for (const [index, job] of jobs.entries()) {
    const result = results[index] ?? null;
    const done = completed(job, asText ? null : result);
    await runBatch(db, updateJobs(OWNER, [claimed(job)]));
    await runBatch(db, updateJobs(OWNER, [done]));
    if (asText && result !== null) plain.run(result, index);
  }
  return ((pages() - before) * 4_096) / jobs.length;
}

/** The size of a job on disk with results of these sizes, as text and as they are stored, and the time of encoding. */
export async function rowSizes(): Promise<string> {
  const rows: (string | number)[][] = [];
  for (const bytes of [0, 1_400, 2_000, 3_400, 10_000]) {
    const results = Array.from({ length: JOBS }, (_, index) =>
      bytes === 0 ? null : JSON.stringify(invoiceOf(bytes, index)),
    );
    const [text, stored] = [await bytesAJob(results, true), await bytesAJob(results, false)];
    rows.push([bytes, text.toFixed(0), stored.toFixed(0), ...times(results)]);
  }
  const head = [
    "bytes of extractedData",
    "as text: bytes a job",
    "as stored",
    "encoding",
    "decoding",
  ];
  return table(head, rows);
}

function times(results: readonly (string | null)[]): string[] {
  const texts = results.filter((text) => text !== null).slice(0, 500);
  if (texts.length === 0) return ["", ""];
  const encoded: (string | null)[] = [];
  const encoding = perText(texts, (text) => encoded.push(compressed(text)));
  return [encoding, perText(encoded, readable)];
}

const perText = <Text>(texts: readonly Text[], work: (text: Text) => unknown): string => {
  const startedAt = performance.now();
  for (const text of texts) work(text);
  return `${(((performance.now() - startedAt) / texts.length) * 1_000).toFixed(0)} µs`;
};
