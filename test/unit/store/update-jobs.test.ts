import { expect, test } from "vitest";
import { newJob } from "../../../src/domain/add-jobs.ts";
import { type EndedAttempt, NO_EXPENSE } from "../../../src/domain/ended-attempt.ts";
import { historyOf } from "../../../src/domain/history.ts";
import { firstIdAt, type Job } from "../../../src/domain/job.ts";
import { runBatch } from "../../../src/store/db.ts";
import { WHOLE_HISTORY } from "../../../src/store/write/append-history.ts";
import { insertJobs } from "../../../src/store/write/insert-jobs.ts";
import { updateJobs } from "../../../src/store/write/update-jobs.ts";
import { seed } from "../../bench/seed.ts";
import { NodeD1 } from "../../support/node-d1.ts";
import { DOCUMENT } from "../domain/helpers.ts";

const OWNER = { groupId: "g", workspace: "w", rowid: 1 };
const job = (index: number, extractedData: string | null = null): Job => ({
  ...newJob(firstIdAt(index), DOCUMENT, 0),
  ...(extractedData !== null && { status: "completed", extractedData }),
});

/** A database that holds 100 jobs without a result. */
async function stored() {
  const { sqlite, db } = new NodeD1().migrate();
  seed(sqlite, 1);
  sqlite.exec("UPDATE job_group SET id = 'g'");
  const jobs = Array.from({ length: 100 }, (_, index) => job(index));
  await runBatch(db, insertJobs(OWNER, jobs));
  const rows = sqlite.prepare("SELECT extracted_data FROM job ORDER BY id");
  return { sqlite, db, results: () => rows.all().map((row) => row["extracted_data"]) };
}

test("each job of a batch gets its own result, as many as there are", async () => {
  const { db, results } = await stored();
  const data = (index: number) => (index % 4 === 0 ? null : JSON.stringify({ index, "'": '"\\' }));
  const jobs = Array.from({ length: 100 }, (_, index) => job(index, data(index)));
  await runBatch(db, updateJobs(OWNER, jobs));
  expect(results()).toEqual(jobs.map(({ extractedData }) => extractedData));
});

/** Few jobs are each written alone. With these at their side they are written together. */
const COMPANIES = [
  { company: "alone", others: [] },
  { company: "among many", others: Array.from({ length: 10 }, (_, index) => job(80 + index)) },
] as const;

test.for(COMPANIES)(
  "a job that changes again $company keeps its result, which is not loaded",
  async ({ others }) => {
    const { db, results } = await stored();
    const update = (...jobs: Job[]) => runBatch(db, updateJobs(OWNER, [...jobs, ...others]));
    await update(job(0, "{}"));
    await update(job(0), job(1, '{"a":1}'));
    await update(job(0), job(1));
    expect(results().slice(0, 3)).toEqual(["{}", '{"a":1}', null]);
  },
);

test.for(COMPANIES)(
  "a job completed $company without a result has that of no run before",
  async ({ others }) => {
    const { db, results } = await stored();
    await runBatch(db, updateJobs(OWNER, [job(0, "{}"), job(1, "{}")]));
    const again: Job = { ...job(0), status: "completed" };
    await runBatch(db, updateJobs(OWNER, [again, ...others]));
    expect(results().slice(0, 2)).toEqual([null, "{}"]);
  },
);

const end = (index: number, outcome: EndedAttempt["outcome"] = "failed"): EndedAttempt => ({
  ...NO_EXPENSE,
  attempt: index,
  workerId: `worker "${index}", [1]`,
  leasedAt: index,
  endedAt: index + 1,
  outcome,
  errorCode: "unspecified",
  error: "page 2, \\ 'blank' ]",
});

/** Commits the entries of one job, one batch after the other, alone and among many. Returns the stored history. */
async function historyAfter(...batches: EndedAttempt[][]): Promise<unknown> {
  const [alone, among] = await Promise.all(
    COMPANIES.map(({ others }) => historyBeside(others, batches)),
  );
  expect(among).toEqual(alone);
  return alone;
}

async function historyBeside(others: readonly Job[], batches: EndedAttempt[][]): Promise<unknown> {
  const { sqlite, db } = await stored();
  for (const ended of batches) {
    await runBatch(db, updateJobs(OWNER, [{ ...job(0), ended }, job(1), ...others]));
  }
  const rows = sqlite.prepare("SELECT history FROM job ORDER BY id LIMIT 2").all();
  expect(rows[1]?.["history"]).toBeNull();
  const text = rows[0]?.["history"] as string | null;
  return text === null ? null : JSON.parse(text);
}

test("attempts that end are appended to the history, several in one commit too", async () => {
  const history = await historyAfter([end(1)], [], [end(2), end(3)], [end(4, "completed")]);
  expect(history).toEqual([end(1), end(2), end(3), end(4, "completed")]);
});

test("a completion makes no history of its own", async () => {
  expect(await historyAfter([end(1, "completed")], [])).toBeNull();
  const timedOut = [end(1, "timed_out"), end(2, "completed")];
  expect(await historyAfter(timedOut)).toEqual(timedOut);
});

test("of more than 20 attempts the newest 20 stay, in their order", async () => {
  const all = Array.from({ length: 45 }, (_, index) => end(index));
  expect(await historyAfter(...all.map((one) => [one]))).toEqual(all.slice(-20));
  expect(await historyAfter(all.slice(0, 19), all.slice(19, 22))).toEqual(all.slice(2, 22));
  expect(await historyAfter(all)).toEqual(all.slice(-20));
});

test("a history that only the job's own fields tell is written out as they tell it", async () => {
  const { sqlite, db } = await stored();
  const finished = { attempts: 2, workerId: "w", leasedAt: 1, completedAt: 5, error: null };
  const paid = { pages: 2, costMicros: 9, currency: "EUR" };
  const jobs: Job[] = [
    { ...job(0), ...finished, ...paid, status: "completed" },
    { ...job(1), ...finished, status: "failed", error: "a", costMicros: 9, currency: "EUR" },
    {
      ...job(2),
      ...finished,
      status: "failed",
      error: "a",
      errorCode: "b",
      leaseOutcome: "voided",
    },
  ];
  await runBatch(db, updateJobs(OWNER, jobs));
  const rows = sqlite.prepare(`SELECT ${WHOLE_HISTORY} AS history FROM job ORDER BY id LIMIT 3`);
  const written = rows.all().map(({ history }) => JSON.parse(history as string));
  expect(written).toEqual(jobs.map((each) => historyOf(each, null)));
  await runBatch(db, updateJobs(OWNER, [{ ...job(0), ended: [end(1), end(2)] }]));
  expect(JSON.parse(rows.all()[0]?.["history"] as string)).toEqual([end(1), end(2)]);
});
