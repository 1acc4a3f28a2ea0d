import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { SCOPES } from "../../src/domain/api-key.ts";
import { BASE, call, type Json } from "../support/workers/api.ts";
import { claims, newGroup, request, send, stubOf } from "../support/workers/commands.ts";
import { database } from "../support/workers/database.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const keyFor = async (workspace: string): Promise<string> => {
  const { body } = await call("POST", "/api-key", {
    body: { name: "T", scopes: SCOPES, workspace },
  });
  return body.data.key;
};

const homeOf = (workspace: string) =>
  env.DB.prepare("SELECT shard FROM workspace_home WHERE workspace = ?")
    .bind(workspace)
    .first<number>("shard");

const groupsIn = async (each: D1Database, workspace: string) => {
  const query = each.prepare("SELECT id FROM job_group WHERE workspace = ?").bind(workspace);
  return (await query.all()).results.map(({ id }) => id);
};

const fill = (each: D1Database, megabytes: number) =>
  each.exec(
    `CREATE TABLE filler AS SELECT zeroblob(1000000 * value) AS b FROM json_each('[${megabytes}]')`,
  );

const created = async (key: string): Promise<string> => {
  const { body } = await call("POST", BASE, { key, body: { name: "A", template: "t" } });
  return body.data._id;
};

test("a new workspace lives in the emptiest database, and stays there", async () => {
  await fill(env.DB, 1);
  const first = await keyFor("first");
  expect(await homeOf("first")).toBe(1);
  await fill(database, 2);
  const second = await keyFor("second");
  await keyFor("first");
  expect([await homeOf("first"), await homeOf("second")]).toEqual([1, 0]);
  const groups = [await created(first), await created(second)];
  const found = [env.DB, database].map((each) =>
    Promise.all(["first", "second"].map((workspace) => groupsIn(each, workspace))),
  );
  expect(await Promise.all(found)).toEqual([
    [[], [groups[1]]],
    [[groups[0]], []],
  ]);
});

test("a workspace that had keys before there was a second database stays in the first", async () => {
  await env.DB.prepare(
    `INSERT INTO api_key (id, workspace, hash, name, scopes, created_at) VALUES ('k', 'old', 'h', 'K', '[]', 1)`,
  ).run();
  await keyFor("old");
  expect(await homeOf("old")).toBe(null);
});

test("a key follows its workspace within a second of the switch", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const key = await keyFor("mover");
  const group = await created(key);
  const total = async () => (await call("GET", BASE, { key })).body.total;
  const old = Number(await homeOf("mover"));
  const move = (change: string) =>
    env.DB.prepare(`UPDATE workspace_home SET ${change} WHERE workspace = 'mover'`).run();
  expect(await total()).toBe(1);
  await move(`moves_from = ${old}, moves_to = ${1 - old}, phase = 'announced'`);
  vi.setSystemTime(Date.now() + 60_000);
  expect(await total()).toBe(1);
  await move(`shard = ${1 - old}, phase = 'opening'`);
  vi.setSystemTime(Date.now() + 1_000);
  // Nothing was copied here: the new home has no group.
  expect(await total()).toBe(0);
  expect((await call("GET", `${BASE}/${group}`, { key })).status).toBe(404);
});

test("a bookmark of another database begins no session", async () => {
  const begin = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "withSession");
  const foreign = "00000085-0000024c-00004c6d-8e61117bf38d7adb71b934ebbf891683";
  const { headers } = await call("GET", BASE, { headers: { "x-d1-bookmark": foreign } });
  const ours = headers.get("x-d1-bookmark") ?? "";
  await call("GET", BASE, { headers: { "x-d1-bookmark": ours } });
  expect(begin.mock.calls.map(([constraint]) => constraint)).toEqual([
    "first-primary",
    ours.replace(/@1$/, ""),
  ]);
  expect(ours).toMatch(/@1$/);
});

test("what a group has read in one database is not taken for what the other has", async () => {
  const { id } = await newGroup(1);
  const elsewhere = { ...request(id, { kind: "open" }), shard: 0 };
  expect(await stubOf(id).execute(elsewhere)).toMatchObject({
    refusal: { code: "GROUP_NOT_FOUND" },
  });
  expect(await send(id, { kind: "open" })).toMatchObject({ ok: true });
});

test("an alarm finds the home of its group's workspace, also when the object has forgotten it", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const { id } = await newGroup(0);
  await send(id, claims(1));
  await evictDurableObject(stubOf(id));
  vi.setSystemTime(Date.now() + 31 * 60_000);
  expect(await runDurableObjectAlarm(stubOf(id))).toBe(true);
  const query = database.prepare("SELECT processing_jobs AS n FROM job_group WHERE id = ?");
  expect(await query.bind(id).first<Json>("n")).toBe(0);
});
