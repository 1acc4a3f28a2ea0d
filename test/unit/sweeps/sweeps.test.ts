import { beforeEach, expect, test, vi } from "vitest";
import type { Outcome } from "../../../src/coordinator/protocol.ts";
import type { RetryChoice } from "../../../src/domain/commands.ts";
import { SWEPT_AT_ONCE } from "../../../src/domain/sweep.ts";
import { GROUP_INPUT } from "../../support/group-input.ts";
import { complete } from "../domain/helpers.ts";
import { type Server, World } from "./world.ts";

beforeEach(() => {
  vi.stubGlobal("scheduler", { wait: () => Promise.resolve() });
  vi.spyOn(console, "error").mockReturnValue();
  return () => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  };
});

const JOBS = 2 * SWEPT_AT_ONCE.jobs + 100;
const FAILED: RetryChoice = { statuses: ["failed"], jobIds: null, errorCodes: null };
const RETRY = { kind: "retry", choice: null, dryRun: false } as const;
const CANCEL = { kind: "cancel" } as const;
const KEY = "k";

const failedWorld = async (jobs = JOBS, bytes = 0) => {
  const world = new World();
  await world.fill(jobs);
  world.fail(bytes);
  return world;
};
const statuses = (world: World) =>
  world.all("SELECT status, count(*) AS jobs FROM job GROUP BY status ORDER BY status");
const changes = (world: World) =>
  world.all("SELECT updated_at, count(*) AS jobs FROM job GROUP BY updated_at");
const notices = (world: World) =>
  world.all("SELECT event, count(*) AS notices FROM delivery GROUP BY event");
const QUEUED = [{ status: "queued", jobs: JOBS }];
const CANCELLED = [{ status: "cancelled", jobs: JOBS }];
const TOLD = [{ event: "job_group.cancelled", notices: 1 }];

/** Each attempt that a retry has put an end to stands in the history of its job. */
const histories = (world: World) =>
  world.all("SELECT json_array_length(history) AS attempts, count(*) AS jobs FROM job GROUP BY 1");

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

/** The batches that a command takes. */
async function batchesOf(world: World, command: typeof CANCEL | typeof RETRY): Promise<number> {
  world.left = 1_000;
  await world.server().send(command, KEY);
  return 1_000 - world.left;
}

const FATES = [
  ["before", true],
  ["after", false],
] as const;

/** A server that is killed answers nobody, and another one begins without its memory. */
async function killed(
  world: World,
  command: typeof CANCEL | typeof RETRY,
  at: number,
  before: boolean,
) {
  Object.assign(world, { left: at, diesBefore: before });
  expect(await world.server().send(command, KEY)).toMatchObject({ ok: false });
  world.left = Number.POSITIVE_INFINITY;
  return world.server();
}

test.each(FATES)(
  "a retry killed %s any of its batches is finished by its repeat, and each job is retried once",
  async (_, before) => {
    const batches = await batchesOf(await failedWorld(), RETRY);
    for (let at = 0; at < batches; at++) {
      const world = await failedWorld();
      const { send } = await killed(world, RETRY, at, before);
      const left = world.all("SELECT count(*) AS jobs FROM job WHERE status = 'failed'")[0]?.[
        "jobs"
      ];
      const answer = (await send(RETRY, KEY)) as Outcome<"retry">;
      expect(answer).toMatchObject({ ok: true, reply: { matched: left || JOBS } });
      expect(statuses(world)).toEqual(QUEUED);
      expect(histories(world)).toEqual([{ attempts: 1, jobs: JOBS }]);
      expect(
        world.all("SELECT count(*) AS receipts FROM receipt WHERE operation = 'retry'"),
      ).toEqual([{ receipts: 1 }]);
      expect(world.unlike).toEqual([]);
    }
  },
);

const asAlarm = async ({ send }: Server) => {
  const { reply } = (await send({ kind: "expire" })) as Extract<Outcome<"expire">, { ok: true }>;
  return reply;
};

/** A group whose cancel was killed, as another server meets it. `null`: the cancel had not begun, or was over. */
async function partlyCancelled(at: number, before: boolean) {
  const world = new World();
  const leases = await world.fill(JOBS);
  const server = await killed(world, CANCEL, at, before);
  const group = await asAlarm(server);
  const isPartly = group !== null && group.status === "cancelled" && group.pendingJobs > 0;
  return { world, server, leases, group, isPartly };
}

test.each(FATES)(
  "a cancel killed %s any of its batches is finished by its repeat, and told once",
  async (_, before) => {
    const whole = new World();
    await whole.fill(JOBS);
    const batches = await batchesOf(whole, CANCEL);
    let partly = 0;
    for (let at = 0; at < batches; at++) {
      const { world, server, isPartly } = await partlyCancelled(at, before);
      partly += Number(isPartly);
      expect(notices(world).length === 0 || !isPartly).toBe(true);
      expect(await server.send(CANCEL, KEY)).toMatchObject({ ok: true, reply: { pendingJobs: 0 } });
      expect([statuses(world), notices(world)]).toEqual([CANCELLED, TOLD]);
      expect(world.unlike).toEqual([]);
    }
    expect(partly).toBeGreaterThan(2);
  },
);

test("of a group whose cancel was killed after its first step nothing can be claimed or reported, and an alarm is set", async () => {
  const { world, server, leases, group, isPartly } = await partlyCancelled(3, false);
  expect(isPartly).toBe(true);
  expect(await world.claim(server)).toEqual([]);
  const [lease] = leases;
  const report = complete(lease ?? { jobId: "", leaseId: "" });
  expect(await server.send(report)).toMatchObject({ refusal: { code: "LEASE_LOST" } });
  const input = { ...GROUP_INPUT, name: "Renamed" };
  expect(await server.send({ kind: "update", input })).toMatchObject({
    reply: { name: "Renamed", pendingJobs: group?.pendingJobs },
  });
  expect(server.alarms.length).toBeGreaterThan(0);
});

test("two copies of the object that sweep at the same time count nothing twice", async () => {
  const world = await failedWorld();
  const servers = [world.server(), world.server()];
  const claims = servers.map((server) => world.claim(server));
  const answers = await Promise.all(servers.map(({ send }) => send(RETRY)));
  await Promise.all(claims);
  const matched = (answers as Outcome<"retry">[]).map((each) => (each.ok ? each.reply.matched : 0));
  expect(matched.reduce((sum, each) => sum + each, 0)).toBe(JOBS);
  expect(histories(world)).toEqual([{ attempts: 1, jobs: JOBS }]);
  await Promise.all(servers.map(({ send }) => send(CANCEL)));
  expect(statuses(world)).toEqual(CANCELLED);
  expect(notices(world)).toEqual(TOLD);
  expect(world.unlike).toEqual([]);
});

test("a cancel of chosen jobs finishes the cancel of their group that was broken off", async () => {
  const world = new World();
  await world.fill(JOBS);
  const { send } = await killed(world, CANCEL, 3, false);
  const [job] = world.all("SELECT id FROM job WHERE status = 'queued' LIMIT 1");
  await send({ kind: "cancel", jobIds: [String(job?.["id"])] });
  expect([statuses(world), notices(world)]).toEqual([CANCELLED, TOLD]);
});

test("a step changes no more jobs, and no more bytes, than its bounds", async () => {
  const world = await failedWorld(300, SWEPT_AT_ONCE.bytes / 50);
  await world.server().send(RETRY);
  expect(world.swept).toEqual([50, 50, 50, 50, 50, 50]);
  const many = await failedWorld();
  await many.server().send({ ...RETRY, choice: FAILED });
  expect(many.swept).toEqual([SWEPT_AT_ONCE.jobs, SWEPT_AT_ONCE.jobs, 100]);
});

test("jobs that lie far apart are found, and no statement looks at more than its bounds for them", async () => {
  const world = await failedWorld(2);
  const last = (3 * SWEPT_AT_ONCE.scanned).toString(16).padStart(5, "0");
  world.d1.sqlite.exec(`UPDATE job SET id = '${last}' WHERE id LIKE '00001%'`);
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
  expect(ofJobs()).toEqual(new Set(["SEARCH job USING PRIMARY KEY (group_id=? AND id=?)"]));
  await send({ ...RETRY, choice: FAILED });
  await send(CANCEL);
  const key = "SEARCH job USING PRIMARY KEY (group_id=? AND id";
  expect(ofJobs()).toEqual(new Set([`${key}>? AND id<?)`, `${key}>?)`]));
});
