import { expect, test } from "vitest";
import { GroupWriter } from "../../../src/coordinator/group-writer.ts";
import { GROUP_INPUT } from "../../support/group-input.ts";
import { adds, NO_ALARM, stopTime, World, WORKSPACE } from "./world.ts";

stopTime();

test("an object that outlives a move writes to the rows of the new home, not to those with the old numbers", async () => {
  const world = new World();
  const group = await world.newGroup(3);
  const writer = new GroupWriter(world.env, NO_ALARM, () => {});
  const write = async (shard: number) => {
    const request = { groupId: group, workspace: WORKSPACE, shard, command: adds(2) };
    expect(await writer.write([request])).toMatchObject({ outcomes: [{ ok: true }] });
  };
  await write(0);
  const others = "e".repeat(24);
  const create = { kind: "create", id: others, input: GROUP_INPUT } as const;
  await world.send(others, [create], { workspace: "other", shard: 1 });
  await world.announce(1);
  await world.finish();
  await write(1);
  const jobs = world.databases[1].sqlite.prepare(
    "SELECT count(*) AS jobs FROM job_group JOIN job ON job.group_id = job_group.id WHERE key >> 20 = job_group.rowid AND job_group.id = ?",
  );
  expect(jobs.get(group)).toEqual({ jobs: 7 });
});
