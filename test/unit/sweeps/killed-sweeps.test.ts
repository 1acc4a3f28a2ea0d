import { beforeEach, expect, test } from "vitest";
import type { Outcome } from "../../../src/coordinator/protocol.ts";
import { GROUP_INPUT } from "../../support/group-input.ts";
import { complete } from "../domain/helpers.ts";
import {
  CANCEL,
  CANCELLED,
  failedWorld,
  histories,
  JOBS,
  KEY,
  notices,
  QUEUED,
  RETRY,
  type Server,
  statuses,
  TOLD,
  withoutWaits,
  World,
} from "./world.ts";

beforeEach(withoutWaits);

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
