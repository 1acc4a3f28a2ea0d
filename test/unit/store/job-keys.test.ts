import { expect, test } from "vitest";
import { newJob } from "../../../src/domain/add-jobs.ts";
import { firstIdAt, type Job, MAX_SEQUENCE } from "../../../src/domain/job.ts";
import { runBatch } from "../../../src/store/db.ts";
import { readDocument } from "../../../src/store/read/document.ts";
import { readJobErrors } from "../../../src/store/read/job-errors.ts";
import { readLeaseEnds } from "../../../src/store/read/lease-ends.ts";
import { readNumberedJobs } from "../../../src/store/read/numbered-jobs.ts";
import { readJob, readJobsPage } from "../../../src/store/read/reads.ts";
import { recount } from "../../../src/store/read/recount.ts";
import { readResults } from "../../../src/store/read/results.ts";
import { documentsOfUpload } from "../../../src/store/write/document-removals.ts";
import { eraseJobs } from "../../../src/store/write/erase-jobs.ts";
import { readFirstErrors } from "../../../src/store/write/first-errors.ts";
import { insertJobs } from "../../../src/store/write/insert-jobs.ts";
import { load, type ReadPlan } from "../../../src/store/write/load.ts";
import { updateJobs } from "../../../src/store/write/update-jobs.ts";
import { seed } from "../../bench/seed.ts";
import { NodeD1 } from "../../support/node-d1.ts";
import { DOCUMENT } from "../domain/helpers.ts";

const WORKSPACE = "default";
const ENDS = [0, 1, MAX_SEQUENCE - 1];

const job = (sequence: number, patch: Partial<Job> = {}): Job => ({
  ...newJob(firstIdAt(sequence) + "a".repeat(19), DOCUMENT, 0),
  ...patch,
});

/** Three groups whose rows are neighbours, each with the first two jobs and the last one that a group can have. */
async function neighbours() {
  const d1 = new NodeD1().migrate();
  seed(d1.sqlite, 3);
  const groups = d1.sqlite.prepare("SELECT rowid, id FROM job_group ORDER BY rowid").all();
  const owners = groups.map(({ rowid, id }) => ({
    rowid: Number(rowid),
    groupId: String(id),
    workspace: WORKSPACE,
  }));
  const [first, middle, last] = owners;
  if (first === undefined || middle === undefined || last === undefined) throw new Error("three");
  for (const owner of owners) {
    const jobs = ENDS.map((sequence) => job(sequence));
    await runBatch(d1.db, insertJobs({ ...owner, rowid: null }, jobs));
  }
  const jobsOf = (groupId: string) =>
    d1.sqlite
      .prepare("SELECT id, document_name FROM job WHERE group_id = ? ORDER BY key")
      .all(groupId);
  return { db: d1.db, sqlite: d1.sqlite, first, middle, last, jobsOf };
}

test("a group's jobs have neighbouring keys in the order of their ids", async () => {
  const { sqlite } = await neighbours();
  const keys = sqlite.prepare("SELECT key FROM job ORDER BY group_id, id").all();
  const sorted = sqlite.prepare("SELECT key FROM job ORDER BY key").all();
  expect(new Set(keys.map(({ key }) => Number(key) >> 20))).toEqual(new Set([1, 2, 3]));
  const lows = sorted.map(({ key }) => Number(key) % MAX_SEQUENCE);
  expect(lows).toEqual([...ENDS, ...ENDS, ...ENDS]);
});

test("a deleted group takes its own jobs with it and none of its neighbours", async () => {
  const { sqlite, first, middle, last, jobsOf } = await neighbours();
  sqlite.exec("DELETE FROM job_group WHERE rowid = 2");
  expect([first, middle, last].map(({ groupId }) => jobsOf(groupId).length)).toEqual([3, 0, 3]);
});

test("jobs for a group that is not there abort the batch, whether its row's number is known or not", async () => {
  const { db, sqlite } = await neighbours();
  const before = sqlite.prepare("SELECT count(*) AS jobs FROM job").get();
  for (const rowid of [null, 2]) {
    const stray = insertJobs({ groupId: "f".repeat(24), workspace: WORKSPACE, rowid }, [job(7)]);
    await expect(runBatch(db, stray)).rejects.toThrow("NOT NULL constraint failed: job.group_id");
  }
  expect(sqlite.prepare("SELECT count(*) AS jobs FROM job").get()).toEqual(before);
});

test("a Worker that gives no keys, and a key that is not the job's, are refused", async () => {
  const { sqlite, first } = await neighbours();
  const insert = (columns: string, values: string) =>
    sqlite.exec(`INSERT INTO job (${columns} group_id, id, workspace, document_name, status, attempts, created_at, updated_at)
      VALUES (${values} '${first.groupId}', '00005', 'w', '', 'queued', 0, 0, 0)`);
  expect(() => insert("", "")).toThrow("NOT NULL constraint failed: job.keyed");
  expect(() => insert("key, keyed,", "(1 << 20) + 6, 1,")).toThrow("job_key_has_the_sequence");
  expect(() => insert("key, keyed,", "(1 << 20) + 5, 1,")).not.toThrow();
});

test("a statement with the number of another group's row changes none of that group's jobs", async () => {
  const { db, middle, first, jobsOf } = await neighbours();
  const stale = { ...first, rowid: middle.rowid };
  const changed = ENDS.map((sequence) => job(sequence, { status: "failed", error: "stale" }));
  const many = [...changed, ...Array.from({ length: 7 }, (_, nth) => job(nth + 2))];
  const before = jobsOf(middle.groupId);
  await runBatch(db, updateJobs(stale, changed));
  await runBatch(db, updateJobs(stale, many));
  await runBatch(
    db,
    eraseJobs(
      stale,
      changed.map(({ id }) => id),
    ),
  );
  expect(jobsOf(middle.groupId)).toEqual(before);
  expect(await readFirstErrors(db, middle, 9)).toEqual([]);
});

test("a range of a group's jobs ends with the group, however far it is asked for", async () => {
  const { db, first } = await neighbours();
  const page = async (from: number, before?: number) => {
    const asked = { workspace: WORKSPACE, groupId: first.groupId, status: undefined, limit: 9 };
    const query = { ...asked, errorCode: undefined, from, before, offset: 0 };
    const { jobs } = await readJobsPage(db, query);
    return jobs.map(({ id }) => Number.parseInt(id.slice(0, 5), 16));
  };
  expect(await page(0)).toEqual(ENDS);
  expect(await page(1, MAX_SEQUENCE - 1)).toEqual([1]);
  expect(await page(1, 3 * MAX_SEQUENCE)).toEqual(ENDS.slice(1));
  expect(await page(MAX_SEQUENCE)).toEqual([]);
  expect(await page(2 * MAX_SEQUENCE)).toEqual([]);
});

const PLAN: ReadPlan = {
  groupId: "",
  rowid: null,
  workspace: WORKSPACE,
  group: true,
  jobIds: [job(1).id],
  jobNumbers: ["A-1"],
  idSuffixes: ["a".repeat(19)],
  waiting: true,
  unclaimed: true,
  cancels: 0,
  sought: {
    choice: { statuses: ["failed", "queued"], jobIds: [job(1).id], errorCodes: null },
    after: "",
  },
  loaded: [],
  receipts: [],
  removes: true,
};

/** The database refuses a statement that goes through the table of jobs: see `NodeD1`. */
test("every statement finds the jobs of a group by their keys or in an index", async () => {
  const { db, first, middle, sqlite } = await neighbours();
  sqlite.exec(`UPDATE job_group SET leased_jobs = '["${job(1).id}"]' WHERE rowid = 2`);
  const { groupId, workspace } = middle;
  const leases = [{ groupId, jobId: job(1).id, leaseId: "l" }];
  const page = { workspace, groupId, from: 0, before: undefined, limit: 9, offset: 0 };
  for (const status of [undefined, "failed"] as const) {
    for (const errorCode of [undefined, "blank", "unspecified"]) {
      await readJobsPage(db, { ...page, status, errorCode });
    }
  }
  for (const rowid of [null, middle.rowid]) {
    for (const by of [workspace, null]) {
      // Only a caller adds numbered jobs, and a caller has a workspace.
      const jobNumbers = by === null ? [] : PLAN.jobNumbers;
      const plan = { ...PLAN, groupId, rowid, workspace: by, jobNumbers };
      const loaded = await load(db, plan, 0);
      const whole = { ...PLAN.sought?.choice, jobIds: null } as const;
      await load(db, { ...plan, sought: { choice: whole, after: "" } as never }, 0);
      expect(loaded.rowid).toBe(2);
      expect(loaded.jobs.filter(({ id }) => id === job(1).id).length).toBeGreaterThan(1);
    }
  }
  const found = await readJob(db, workspace, groupId, job(1).id);
  expect(found?.job).toMatchObject({ id: job(1).id });
  expect(await readJob(db, workspace, groupId, firstIdAt(1) + "b".repeat(19))).toBeUndefined();
  expect(await readDocument(db, workspace, groupId, job(1).id)).toMatchObject({
    documentKey: null,
  });
  expect(await readDocument(db, workspace, groupId, firstIdAt(1))).toBeUndefined();
  expect((await recount(db, middle))?.recounted).toMatchObject({ totalJobs: 3 });
  const sized = { ...page, statuses: ["queued"], withData: true, maxBytes: 1e6 } as const;
  expect((await readResults(db, { ...sized, before: 2 })).results).toHaveLength(2);
  await readJobErrors(db, middle, 9);
  await readFirstErrors(db, middle, 9);
  await readLeaseEnds(db, workspace, leases as never);
  await readNumberedJobs(db, { workspace, jobNumber: "A", limit: 9, offset: 0, most: 9 });
  await documentsOfUpload(db, groupId, "u");
  await runBatch(
    db,
    updateJobs(
      first,
      Array.from({ length: 9 }, (_, nth) => job(nth)),
    ),
  );
});
