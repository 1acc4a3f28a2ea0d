import { expect, test } from "vitest";
import { BASE, call, claim, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const retry = (group: string, body?: object) =>
  call("POST", `${BASE}/${group}/retry`, body === undefined ? {} : { body });

/** A group whose jobs have ended: so many completed, and one failed for each code. */
async function ended(completed: number, codes: readonly string[]) {
  const jobs = completed + codes.length;
  const group = await newGroup(jobs, { settings: { parallelJobs: 10, retryCount: 0 } });
  const leases = await claim(group, jobs);
  for (const [index, lease] of leases.entries()) {
    const errorCode = codes[index - completed];
    const result = { pages: 3, cost: 0.5, extractedData: { total: index } };
    if (errorCode === undefined) await settle(group, lease, "complete", result);
    else await settle(group, lease, "fail", { error: "bad", errorCode, cost: 0.1 });
  }
  return { group, leases };
}

const expectExact = async (group: string): Promise<void> =>
  expect(await data("GET", `${BASE}/${group}/verify`)).toMatchObject({ consistent: true });

test("a dry run shows the number that a retry by code then moves", async () => {
  const { group } = await ended(2, ["blank", "torn", "blank"]);
  const before = await data("GET", `${BASE}/${group}`);
  const choice = { errorCodes: ["blank"] };
  const dry = await retry(group, { ...choice, dryRun: true });
  expect(dry.body).toMatchObject({ matched: 2, data: before });
  const { status, body } = await retry(group, choice);
  expect(status).toBe(200);
  expect(body).toMatchObject({ matched: 2, data: { status: "queued", failedJobs: 1 } });
  await expectExact(group);
});

test("a completed job that is run again shows its old result until the new one is there", async () => {
  const { group, leases } = await ended(2, []);
  const [first]: Json[] = leases;
  await retry(group, { status: ["completed"], jobIds: [first.jobId] });
  await expectExact(group);
  const job = async () => data("GET", `${BASE}/${group}/jobs/${first.jobId}`);
  expect(await job()).toMatchObject({ status: "queued", extractedData: { total: 0 }, cost: 0.5 });
  const [again] = await claim(group, 1);
  await settle(group, again, "complete", { pages: 1 });
  const { extractedData, history, ...now } = await job();
  expect(now).toMatchObject({ status: "completed", pages: 1, cost: 0.5 });
  expect(extractedData).toBeUndefined();
  expect(history).toHaveLength(2);
  await expectExact(group);
});

test("a retry by choice that races with reports leaves the counters equal to the jobs", async () => {
  const { group } = await ended(4, ["blank", "blank"]);
  await data("POST", `${BASE}/${group}/jobs`, {
    jobs: Array.from({ length: 4 }, (_, n) => ({ documentName: `late-${n}.pdf` })),
  });
  const leases = await claim(group, 4);
  const [, , ...answers] = await Promise.all([
    settle(group, leases[0], "complete", { pages: 1, cost: 0.5 }),
    settle(group, leases[1], "fail", { error: "bad", errorCode: "blank", retryable: false }),
    retry(group, { status: ["completed", "failed"] }),
    retry(group, { errorCodes: ["blank"] }),
    settle(group, leases[2], "complete", { pages: 1 }),
    retry(group, { status: ["completed"] }),
  ]);
  expect(answers.map(({ status }) => status).every((status) => [200, 409].includes(status))).toBe(
    true,
  );
  await expectExact(group);
});

test("a retry without a body, with an empty one and with {} means every failed job", async () => {
  for (const options of [
    {},
    { raw: "", headers: { "content-type": "application/json" } },
    { body: {} },
  ]) {
    const { group } = await ended(1, ["blank", "torn"]);
    const { body } = await call("POST", `${BASE}/${group}/retry`, options);
    expect(body).toMatchObject({ matched: 2, data: { failedJobs: 0, completedJobs: 1 } });
  }
});

test("nothing that matches is a 409, and another workspace's job ids match nothing", async () => {
  const { group } = await ended(1, ["blank"]);
  for (const choice of [{ jobIds: ["0".repeat(24)] }, { errorCodes: ["torn"] }]) {
    expect((await retry(group, choice)).body.code).toBe("NOTHING_TO_RETRY");
    expect((await retry(group, { ...choice, dryRun: true })).body.matched).toBe(0);
  }
});

test("a sweep that would move another number of jobs than was counted moves none", async () => {
  const { group } = await ended(1, ["blank", "blank"]);
  await database.exec(
    `CREATE TRIGGER meddle AFTER UPDATE OF revision ON job_group BEGIN
      UPDATE job SET error_code = 'torn' WHERE group_id = new.id AND status = 'failed' AND id = (SELECT max(id) FROM job WHERE group_id = new.id);
    END`.replaceAll("\n", " "),
  );
  const answer = await retry(group, { errorCodes: ["blank"] });
  await database.exec("DROP TRIGGER meddle");
  expect(answer.status).toBe(500);
  expect(await data("GET", `${BASE}/${group}`)).toMatchObject({ failedJobs: 2, pendingJobs: 0 });
  await expectExact(group);
});
