import { expect, test } from "vitest";
import type { Job } from "../../../src/domain/job.ts";
import { type Db, runBatch } from "../../../src/store/db.ts";
import { insertJobs, updateJobs } from "../../../src/store/write/job-writes.ts";
import { NodeD1 } from "../../support/node-d1.ts";

const [GROUP, WORKSPACE] = ["g", "w"];
const job = (index: number, extractedData: string | null = null): Job => ({
  id: String(index).padStart(24, "0"),
  jobNumber: null,
  documentName: `${index}.pdf`,
  documentUrl: null,
  documentType: null,
  metadata: null,
  status: extractedData === null ? "queued" : "completed",
  attempts: 0,
  availableAt: null,
  leaseId: null,
  leaseOutcome: null,
  leasedAt: null,
  attemptEndsAt: null,
  workerId: null,
  error: null,
  pages: null,
  costMicros: null,
  currency: null,
  confidence: null,
  processingMs: null,
  extractedData,
  createdAt: 0,
  updatedAt: 0,
  completedAt: null,
});

/** A database that holds 100 jobs without a result. */
async function stored(): Promise<{ db: Db; results: () => unknown[] }> {
  const { sqlite, db } = new NodeD1().migrate();
  sqlite.exec("PRAGMA foreign_keys = OFF");
  const jobs = Array.from({ length: 100 }, (_, index) => job(index));
  await runBatch(db, insertJobs(GROUP, WORKSPACE, jobs));
  const rows = sqlite.prepare("SELECT extracted_data FROM job ORDER BY id");
  return { db, results: () => rows.all().map((row) => row["extracted_data"]) };
}

test("each job of a batch gets its own result, as many as there are", async () => {
  const { db, results } = await stored();
  const data = (index: number) => (index % 4 === 0 ? null : JSON.stringify({ index, "'": '"\\' }));
  const jobs = Array.from({ length: 100 }, (_, index) => job(index, data(index)));
  await runBatch(db, updateJobs(GROUP, WORKSPACE, jobs));
  expect(results()).toEqual(jobs.map(({ extractedData }) => extractedData));
});

test("a job that changes again keeps its result, which is not loaded", async () => {
  const { db, results } = await stored();
  await runBatch(db, updateJobs(GROUP, WORKSPACE, [job(0, "{}")]));
  await runBatch(db, updateJobs(GROUP, WORKSPACE, [job(0), job(1, '{"a":1}')]));
  await runBatch(db, updateJobs(GROUP, WORKSPACE, [job(0), job(1)]));
  expect(results().slice(0, 3)).toEqual(["{}", '{"a":1}', null]);
});
