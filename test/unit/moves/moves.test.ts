import { expect, test, vi } from "vitest";
import { moveWorkspaces } from "../../../src/coordinator/move-workspaces.ts";
import { REMOVED_AT_ONCE } from "../../../src/domain/removal.ts";
import { job } from "../../../src/store/schema.ts";
import { insertRows } from "../../../src/store/write/copy-rows.ts";
import { endStop, stop } from "../../../src/store/write/stops.ts";
import { adds, stopTime, World, WORKSPACE } from "./world.ts";

stopTime();

/** A world with groups of several sizes, and a neighbour. */
async function settled(sizes: readonly number[]): Promise<World> {
  const world = new World();
  for (const size of sizes) await world.newGroup(size);
  await world.hook();
  await world.newGroup(3, "neighbour");
  return world;
}

const NOTHING = {
  job_group: [],
  job: [],
  delivery: [],
  receipt: [],
  webhook: [],
  job_group_tag: [],
  job_group_count: [],
};

test("a workspace that has moved has each of its rows in the new home, and none in the old one", async () => {
  const world = await settled([3, 450, 5, ...Array.from({ length: 120 }, () => 3)]);
  const before = world.rows(0);
  const neighbour = world.rows(0, "neighbour");
  await world.announce(1);
  await world.finish();
  expect(world.move()).toBeUndefined();
  expect(await world.home()).toBe(1);
  expect(world.rows(1)).toEqual(before);
  expect(world.rows(0)).toEqual(NOTHING);
  expect(world.rows(0, "neighbour")).toEqual(neighbour);
  await world.announce(0);
  await world.finish();
  expect([await world.home(), world.rows(0), world.rows(1)]).toEqual([0, before, NOTHING]);
});

test.each([true, false])(
  "a move that is killed at any of its batches, its write lost: %s, has all rows at home, and ends",
  async (diesBefore) => {
    const error = vi.spyOn(console, "error").mockReturnValue();
    const world = await settled([3, 4]);
    world.diesBefore = diesBefore;
    const rows = world.rows(0);
    let kills = 0;
    for (let killedAt = 0, to = 1; killedAt < 400; killedAt++) {
      await world.announce(to);
      world.left = killedAt;
      for (let runs = 0; runs < 40 && world.left >= 0; runs++) {
        await moveWorkspaces(world.env).catch(() => undefined);
        world.later(60_000);
      }
      const wasKilled = world.left < 0;
      world.left = Number.POSITIVE_INFINITY;
      expect(world.rows(await world.home())).toEqual(rows);
      await world.finish();
      expect([await world.home(), world.rows(to), world.rows(1 - to)]).toEqual([to, rows, NOTHING]);
      to = 1 - to;
      if (!wasKilled) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(30);
    expect(error).toHaveBeenCalled();
  },
);

/** Kills a run after its first batch, the next one after its second and so on. `act` is told the phase in between. */
async function during(world: World, act: (phase: unknown) => Promise<void>): Promise<void> {
  for (let killedAt = 0; world.move() !== undefined; killedAt++) {
    world.left = killedAt;
    await moveWorkspaces(world.env).catch(() => undefined);
    world.left = Number.POSITIVE_INFINITY;
    world.later(61_000);
    if (world.move() !== undefined) await act(world.move()?.["phase"]);
  }
}

test("writes of a workspace are refused from the stop to the opening, and those of others never", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const world = await settled([3]);
  const [group = "", theirs = ""] = world.groups;
  const fates: string[] = [];
  await world.announce(1);
  await during(world, async (phase) => {
    const tries = [];
    for (const shard of [0, 1]) {
      const answer = await world.send(group, [{ kind: "pause", reason: "r" }, { kind: "resume" }], {
        shard,
      });
      tries.push(
        typeof answer === "string"
          ? answer
          : answer.map((each) => !(each instanceof Error) && each.ok).join(),
      );
    }
    fates.push([phase, ...tries].join(" "));
    const others = await world.send(theirs, [adds(1)], { workspace: "neighbour" });
    expect(others).toMatchObject([{ ok: true }]);
  });
  const met = new Set(fates);
  const allowed = new Set([
    "announced true,true false,false",
    // The old home is stopped, and the directory does not say so yet.
    "announced unavailable false,false",
    "stopped unavailable false,false",
    "stopped unavailable unavailable",
    "opening unavailable unavailable",
    // The new home is open, and the directory does not say so yet.
    "opening unavailable true,true",
    "leaving unavailable true,true",
  ]);
  expect([...met].filter((fate) => !allowed.has(fate))).toEqual([]);
  expect(met.size).toBeGreaterThan(5);
});

test("a copy that differs is taken back: the workspace is written in its old home again", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const world = await settled([3]);
  const before = world.rows(0);
  const [group = ""] = world.groups;
  await world.announce(1);
  await during(world, async (phase) => {
    if (phase !== "stopped") return;
    world.databases[1].sqlite.exec("UPDATE job SET cost_micros = 1 WHERE status = 'failed'");
  });
  expect(await world.home()).toBe(0);
  expect(world.rows(1)).toEqual(NOTHING);
  expect(world.rows(0)).toEqual(before);
  const directory = world.databases[0].sqlite.prepare("SELECT failure FROM workspace_home").get();
  expect(directory).toMatchObject({ failure: expect.stringMatching(/not alike/) });
  expect(await world.send(group, [adds(1)])).toMatchObject([{ ok: true }]);
});

test("a copy that is late brings no row back", async () => {
  const world = await settled([3]);
  const [row] = world.databases[0].sqlite.prepare("SELECT * FROM job").all();
  await world.announce(1);
  await world.finish();
  world.databases[1].sqlite.exec("DELETE FROM job");
  await insertRows(world.databases[1].db, job, WORKSPACE, [row ?? {}]);
  expect(world.rows(1)["job"]).toEqual([]);
});

test("the home is unsettled from the announcement to the opening, so that nobody remembers it for long", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const world = await settled([3]);
  const seen = new Map<unknown, boolean>();
  const { homeOf } = await import("../../../src/store/shards.ts");
  await world.announce(1);
  const look = async (phase: unknown) =>
    void seen.set(phase, (await homeOf(world.env, WORKSPACE)).isMoving);
  await look("announced");
  await during(world, look);
  expect(Object.fromEntries(seen)).toEqual({
    announced: true,
    stopped: true,
    opening: true,
    leaving: false,
  });
});

test("nothing is stopped within a minute of the announcement, nor removed within a quarter of an hour of the switch", async () => {
  const world = await settled([3]);
  const before = world.rows(0);
  const announced = Date.now();
  await world.announce(1);
  vi.setSystemTime(announced + 65_000);
  await moveWorkspaces(world.env);
  expect(world.move()).toMatchObject({ phase: "announced" });
  vi.setSystemTime(announced + 67_000);
  await moveWorkspaces(world.env);
  expect(world.move()).toMatchObject({ phase: "leaving" });
  vi.setSystemTime(announced + 67_000 + 14 * 60_000);
  await moveWorkspaces(world.env);
  expect(world.rows(0)).toEqual(before);
});

test("a move waits until the removals of its workspace are over", async () => {
  const world = await settled([3]);
  const { sqlite } = world.databases[0];
  sqlite.exec(
    `INSERT INTO group_removal VALUES ('theirs', 'neighbour', 1), ('ours', '${WORKSPACE}', 1)`,
  );
  await world.announce(1);
  await moveWorkspaces(world.env);
  world.later(60_000);
  await moveWorkspaces(world.env);
  expect(world.move()).toMatchObject({ phase: "announced" });
  expect(await world.send(world.groups[0] ?? "", [adds(1)])).toMatchObject([{ ok: true }]);
  sqlite.exec("DELETE FROM group_removal WHERE group_id = 'ours'");
  await moveWorkspaces(world.env);
  expect(world.move()).toMatchObject({ phase: "leaving" });
});

test("a removal that began just before the stop is over before a row is copied", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const world = await settled([3]);
  const before = world.rows(0);
  const { sqlite } = world.databases[0];
  let waited = false;
  await world.announce(1);
  await during(world, async (phase) => {
    if (phase !== "stopped" || waited) return;
    sqlite.exec(`INSERT INTO group_removal VALUES ('ours', '${WORKSPACE}', 1)`);
    await moveWorkspaces(world.env);
    expect(world.move()).toMatchObject({ phase: "stopped" });
    sqlite.exec("DELETE FROM group_removal");
    waited = true;
  });
  expect([waited, world.rows(1)]).toEqual([true, before]);
});

test("a stop refuses the deletion of a large group, which stays as it was", async () => {
  const world = await settled([REMOVED_AT_ONCE.jobs + 1]);
  const before = world.rows(0);
  const [group = ""] = world.groups;
  const { db, sqlite } = world.databases[0];
  const removals = () => sqlite.prepare("SELECT group_id FROM group_removal").all();
  await stop(db, WORKSPACE, "stopped");
  expect(await world.send(group, [{ kind: "delete" }])).toBe("unavailable");
  expect([world.rows(0), removals()]).toEqual([before, []]);
  await endStop(db, WORKSPACE);
  expect(await world.send(group, [{ kind: "delete" }])).toMatchObject([{ ok: true }]);
  expect(removals()).toMatchObject([{ group_id: group }]);
});
