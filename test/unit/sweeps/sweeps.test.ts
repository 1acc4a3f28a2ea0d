import { beforeEach, expect, test, vi } from "vitest";
import { firstIdAt } from "../../../src/domain/job.ts";
import { SWEPT_AT_ONCE } from "../../../src/domain/sweep.ts";
import {
  CANCEL,
  CANCELLED,
  changes,
  FAILED,
  failedWorld,
  histories,
  JOBS,
  KEY,
  notices,
  QUEUED,
  RETRY,
  statuses,
  TOLD,
  withoutWaits,
  World,
} from "./world.ts";

beforeEach(withoutWaits);

test.each([RETRY, { ...RETRY, choice: FAILED }])(
  "a retry of more jobs than one commit changes is answered once, for all of them: %o",
  async (command) => {
    const world = await failedWorld();
    const { send } = world.server();
    const answer = await send(command, KEY);
    expect(answer).toMatchObject({
      ok: true,
      reply: { matched: JOBS, group: { status: "queued", pendingJobs: JOBS, run: 2 } },
    });
    expect(statuses(world)).toEqual(QUEUED);
    expect(await send(command, KEY)).toMatchObject({ replayed: true, reply: { matched: JOBS } });
    expect(histories(world)).toEqual([{ attempts: 1, jobs: JOBS }]);
    expect(world.unlike).toEqual([]);
  },
);

test("a dry run counts more jobs than one commit changes, and changes none", async () => {
  const world = await failedWorld();
  const before = changes(world);
  const answer = await world.server().send({ ...RETRY, choice: FAILED, dryRun: true });
  expect(answer).toMatchObject({ ok: true, reply: { matched: JOBS } });
  expect(changes(world)).toEqual(before);
});

test("a cancel of more jobs than one commit changes is answered and told once", async () => {
  const world = new World();
  await world.fill(JOBS);
  const server = world.server();
  const { send } = server;
  // The object now has the next jobs in memory.
  await world.claim(server);
  const answer = await send(CANCEL, KEY);
  expect(answer).toMatchObject({
    ok: true,
    reply: { status: "cancelled", cancelledJobs: JOBS, pendingJobs: 0 },
  });
  expect([statuses(world), notices(world)]).toEqual([CANCELLED, TOLD]);
  expect(await send(CANCEL, KEY)).toMatchObject({ replayed: true });
  const ends = world.all(
    "SELECT DISTINCT j.completed_at = g.completed_at AS same FROM job j, job_group g",
  );
  expect(ends).toEqual([{ same: 1 }]);
  expect(world.unlike).toEqual([]);
});

test("a step changes no more jobs, and no more bytes, than its bounds", async () => {
  const world = await failedWorld(300, SWEPT_AT_ONCE.bytes / 50);
  await world.server().send(RETRY);
  expect(world.swept).toEqual([50, 50, 50, 50, 50, 50]);
  const many = await failedWorld();
  await many.server().send({ ...RETRY, choice: FAILED });
  expect(many.swept).toEqual([SWEPT_AT_ONCE.jobs, SWEPT_AT_ONCE.jobs, 100]);
});

test("a cancel of chosen jobs changes no more bytes in a step than its bound, and is answered once", async () => {
  const world = new World();
  await world.fill(350);
  world.d1.sqlite.exec(`UPDATE job SET metadata = hex(zeroblob(${SWEPT_AT_ONCE.bytes / 100}))`);
  const jobIds = world.all("SELECT id FROM job LIMIT 300").map(({ id }) => String(id));
  const sums: number[] = [];
  const look = world.look.bind(world);
  world.look = (results) => {
    sums.push(Number(world.all("SELECT cancelled_jobs AS n FROM job_group")[0]?.["n"]));
    look(results);
  };
  const { send } = world.server();
  const command = { kind: "cancel", jobIds } as const;
  const answer = await send(command, KEY);
  expect(answer).toMatchObject({ ok: true, reply: { cancelledJobs: 300, pendingJobs: 50 } });
  expect([...new Set(sums)]).toEqual([0, 53, 103, 153, 203, 253, 300]);
  expect(await send(command, KEY)).toMatchObject({ replayed: true, reply: { cancelledJobs: 300 } });
  expect(world.unlike).toEqual([]);
});

test("jobs that lie far apart are found, and no statement looks at more than its bounds for them", async () => {
  const world = await failedWorld(2);
  const last = 3 * SWEPT_AT_ONCE.scanned - 1;
  world.d1.sqlite.exec(
    `UPDATE job SET id = '${firstIdAt(last)}', key = key - 1 + ${last} WHERE id LIKE '00001%'`,
  );
  let counted = 0;
  vi.spyOn(world, "look").mockImplementation(() => {
    if (world.d1.ran.some(({ text }) => text.startsWith("WITH found"))) counted++;
  });
  const { send } = world.server();
  expect(await send({ ...RETRY, choice: FAILED })).toMatchObject({ reply: { matched: 2 } });
  expect(counted).toBe(3);
  expect(await send({ ...RETRY, choice: FAILED })).toMatchObject({
    refusal: { code: "NOTHING_TO_RETRY" },
  });
});

test("a job that has just timed out is retried with the stored ones that match", async () => {
  const world = new World();
  await world.fill(5);
  world.d1.sqlite.exec(
    `UPDATE job SET lease_expires_at = 1 WHERE status = 'processing';
    UPDATE job_group SET retry_count = 0`,
  );
  const choice = { ...FAILED, errorCodes: ["timeout"] };
  expect(await world.server().send({ ...RETRY, choice })).toMatchObject({ reply: { matched: 3 } });
  expect(statuses(world)).toEqual([{ status: "queued", jobs: 5 }]);
  expect(world.unlike).toEqual([]);
});

test("the statements of steps find jobs by their ids alone, and named jobs without looking at others", async () => {
  const world = await failedWorld();
  const plans: string[] = [];
  vi.spyOn(world, "look").mockImplementation(() => void plans.push(...world.d1.plans()));
  const ofJobs = () =>
    new Set(
      plans
        .splice(0)
        .flatMap((plan) => plan.split("; "))
        .filter((line) => / job\b/.test(line)),
    );
  const { send } = world.server();
  const jobIds = world.all("SELECT id FROM job LIMIT 9").map(({ id }) => String(id));
  await send({ ...RETRY, choice: { ...FAILED, jobIds } });
  expect(ofJobs()).toEqual(new Set(["SEARCH job USING INTEGER PRIMARY KEY (rowid=?)"]));
  await send({ ...RETRY, choice: FAILED });
  await send(CANCEL);
  expect(ofJobs()).toEqual(new Set(["SEARCH job USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]));
});

test("a sweep rests between its steps, and a command of one step does not", async () => {
  const rests = vi.spyOn(scheduler, "wait");
  const { send } = (await failedWorld()).server();
  rests.mockClear();
  await send(RETRY);
  expect(rests).toHaveBeenCalledTimes(3);
  const small = (await failedWorld(9)).server();
  rests.mockClear();
  await small.send(RETRY);
  expect(rests).not.toHaveBeenCalled();
});
