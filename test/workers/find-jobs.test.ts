import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { SCOPES } from "../../src/domain/api-key.ts";
import { keyText } from "../../src/store/job-keys.ts";
import { Meter } from "../bench/workers/meter.ts";
import { BASE, call, claim, data, type Json, newGroup } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const meter = new Meter(database);

const add = (group: string, ...jobNumbers: string[]) =>
  data("POST", `${BASE}/${group}/jobs`, {
    jobs: jobNumbers.map((jobNumber) => ({ documentName: `${jobNumber}.pdf`, jobNumber })),
  });

const find = async (jobNumber: string, query = "", key = env.ROOT_API_KEY): Promise<Json> => {
  const path = `${BASE}/jobs?jobNumber=${encodeURIComponent(jobNumber)}${query}`;
  return (await call("GET", path, { key })).body;
};

test("a number is found in every group of the workspace, newest first, each with its group", async () => {
  const groups = [await newGroup(), await newGroup(), await newGroup()];
  for (const group of groups) await add(group, "other", "N-1");
  const { data: jobs, total } = await find("N-1");
  expect(jobs.map(({ groupId }: Json) => groupId)).toEqual(groups.toReversed());
  expect(total).toBe(3);
  const { groupId, ...job } = jobs[0];
  expect(await data("GET", `${BASE}/${groupId}/jobs/${job.jobId}`)).toEqual(job);
  const { data: page, total: still } = await find("N-1", "&limit=1&offset=1");
  expect({ page, still }).toEqual({ page: [jobs[1]], still: 3 });
  expect(await find("N-")).toMatchObject({ data: [], total: 0 });
});

test("a number is compared as it was sent: case, blanks and signs count", async () => {
  const group = await newGroup();
  await add(group, "ä/1 %_", "Ä/1 %_", "ä/1 %_ ");
  expect((await find("ä/1 %_")).data).toMatchObject([{ documentName: "ä/1 %_.pdf" }]);
});

test("a number of another workspace is not found", async () => {
  const made = await data("POST", "/api-key", { name: "T", scopes: SCOPES, workspace: "numbers" });
  await add(await newGroup(), "N-2");
  expect(await find("N-2", "", made.key)).toMatchObject({ data: [], total: 0 });
});

test("a deleted group's numbers are gone with it", async () => {
  const group = await newGroup();
  await add(group, "N-3");
  await data("DELETE", `${BASE}/${group}`);
  expect(await find("N-3")).toMatchObject({ data: [], total: 0 });
});

test("a leased job tells the end of its lease as getJob does", async () => {
  const group = await newGroup();
  await add(group, "N-4");
  await data("POST", `${BASE}/${group}/process`);
  await data("POST", `${BASE}/${group}/jobs/claim`, {
    workerId: "w",
    maxJobs: 1,
    heartbeatSeconds: 15,
  });
  const {
    data: [{ jobId, leaseExpiresAt }],
  } = await find("N-4");
  const job = await data("GET", `${BASE}/${group}/jobs/${jobId}`);
  expect(leaseExpiresAt).toBe(job.leaseExpiresAt);
  expect(leaseExpiresAt).toBeTruthy();
});

test("a search reads the jobs with the number and no others", async () => {
  const group = await newGroup(1_000);
  await add(group, "N-5", "N-6");
  meter.take();
  await find("N-5");
  expect(meter.take().rowsRead).toBeLessThan(8);
});

/** Copies a job with a number into so many groups. */
async function spread(jobNumber: string, groups: number): Promise<void> {
  const [group] = [await newGroup()];
  await add(group, jobNumber);
  const names = async (table: string, ...without: string[]) => {
    const { results } = await database
      .prepare(`SELECT name FROM pragma_table_info('${table}')`)
      .all();
    return results
      .map(({ name }) => String(name))
      .filter((name) => !without.includes(name))
      .join();
  };
  const ofGroup = await names("job_group", "rowid", "id");
  const ofJob = await names("job", "key", "keyed", "group_id");
  const key = keyText("(SELECT rowid FROM job_group WHERE id = printf('%024x', i))", "0");
  const count = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";
  await database.batch([
    database
      .prepare(
        `${count} INSERT INTO job_group (id, ${ofGroup}) SELECT printf('%024x', i), ${ofGroup} FROM job_group, n WHERE id = ?1`,
      )
      .bind(group, groups - 1),
    database
      .prepare(
        `${count} INSERT INTO job (key, keyed, group_id, ${ofJob}) SELECT ${key}, 1, printf('%024x', i), ${ofJob} FROM job, n WHERE group_id = ?1`,
      )
      .bind(group, groups - 1),
  ]);
}

test("10,000 jobs with one number are found, and one more is refused", async () => {
  await spread("N-7", 10_000);
  expect(await find("N-7", "&offset=9999")).toMatchObject({ data: [{}], total: 10_000 });
  await add(await newGroup(), "N-7");
  const { errors } = await find("N-7");
  expect(errors).toEqual([
    { parameter: "jobNumber", detail: "more than 10,000 jobs have this number." },
  ]);
});

test("a number that its group has already is not added again, in any order of the groups", async () => {
  const [one, other] = [await newGroup(), await newGroup()];
  await add(one, "N-8");
  expect(await add(other, "N-8")).toMatchObject({ added: 1, existing: 0 });
  expect(await add(one, "N-8", "N-9")).toMatchObject({ added: 1, existing: 1 });
  expect(await claim(one, 1)).toEqual([]);
});
