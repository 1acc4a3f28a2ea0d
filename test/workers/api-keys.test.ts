import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import { SCOPES, type Scope } from "../../src/domain/api-key.ts";
import app from "../../src/index.ts";
import { BASE, call, data, type Json, newGroup } from "../support/workers/api.ts";
import { operations } from "../support/workers/spec.ts";

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const mint = (fields: object = {}): Promise<Json> =>
  data("POST", "/api-key", { name: "Test", scopes: SCOPES, ...fields });
const list = (key: string) => call("GET", BASE, { key });
const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"] }).setSystemTime(Date.now() + ms);

const scoped = operations.filter(({ operation }) => operation["x-scope"] !== undefined);

test.each(scoped)(
  "$operation.operationId refuses a key with every scope but its own, before it reads the request",
  async ({ method, path, operation: { "x-scope": scope } }) => {
    const target = `${path.replaceAll(/\{\w+\}/g, "0".repeat(24))}?no=1`;
    const { key } = await mint({ scopes: SCOPES.filter((other) => other !== scope) });
    const sent = method === "GET" || method === "DELETE" ? {} : { raw: "{" };
    const refused = await call(method, target, { key, ...sent });
    expect(refused).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
    const only = await mint({ scopes: [scope as Scope] });
    const { status } = await call(method, target, { key: only.key, ...sent });
    expect([400, 415]).toContain(status);
  },
);

test.each(SCOPES)("a key with %s alone learns what it is", async (scope) => {
  const fields = { name: `Has ${scope}`, workspace: "self", scopes: [scope] };
  const { key, id } = await mint(fields);
  const self = async (of: string) => (await call("GET", "/api-key/current", { key: of })).body.data;
  expect(await self(key)).toEqual({ id, ...fields });
  const expiresAt = "2035-01-01T00:00:00.000Z";
  const expiring = await mint({ ...fields, expiresAt });
  expect(await self(expiring.key)).toEqual({ id: expiring.id, ...fields, expiresAt });
});

test("the root key learns that it has every scope, and an unknown key nothing", async () => {
  const told = await data("GET", "/api-key/current");
  expect(told).toEqual({ id: "root", name: "Root key", workspace: "default", scopes: SCOPES });
  const { status } = await call("GET", "/api-key/current", { key: "nobody" });
  expect(status).toBe(401);
});

test("a key is shown once, and stored as its hash alone", async () => {
  const { key, ...shown } = await mint({ name: "Scanner 1", workspace: "hash" });
  expect(key).toMatch(/^ocr_[0-9a-f]{48}$/);
  const { body } = await call("GET", "/api-key");
  expect(body.data[0]).toEqual(shown);
  const { results } = await env.DB.prepare("SELECT * FROM api_key").all();
  expect(JSON.stringify([results, body])).not.toContain(key.slice(4, 44));
});

test("a key works in either header, and sees the groups of its own workspace only", async () => {
  const { key } = await mint({ workspace: "one" });
  const other = await mint({ workspace: "two" });
  const { body } = await call("POST", BASE, { key, body: { name: "Mine", template: "t" } });
  expect((await list(key)).body).toMatchObject({ total: 1, data: [{ name: "Mine" }] });
  expect((await list(other.key)).body).toMatchObject({ total: 0, data: [] });
  const authorization = `Bearer ${other.key}`;
  const foreign = await call("GET", `${BASE}/${body.data._id}`, {
    key: null,
    headers: { authorization },
  });
  expect(foreign).toMatchObject({ status: 404, body: { code: "GROUP_NOT_FOUND" } });
});

test("a mistyped key is refused without asking the database", async () => {
  const { key } = await mint();
  const typo = key.slice(0, 20) + (key[20] === "0" ? "1" : "0") + key.slice(21);
  const prepare = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "prepare");
  for (const wrong of [typo, key.slice(0, -1), `${key}0`, key.toUpperCase(), "ocr_"]) {
    expect(await list(wrong)).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
  }
  expect(prepare).not.toHaveBeenCalled();
});

describe("a key is looked up once a minute", () => {
  const lookups = () => {
    const prepare = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "prepare");
    return () => prepare.mock.calls.filter(([sql]) => sql.includes('from "api_key"')).length;
  };

  test("when it is known, and when it is not", async () => {
    const { key } = await mint();
    const unknown = await mint();
    await env.DB.prepare("DELETE FROM api_key WHERE id = ?").bind(unknown.id).run();
    const count = lookups();
    for (let n = 0; n < 3; n++) {
      expect((await list(key)).status).toBe(200);
      expect((await list(unknown.key)).status).toBe(401);
    }
    expect(count()).toBe(2);
    later(60_000);
    await list(key);
    expect(count()).toBe(3);
  });

  test("so one revoked elsewhere stops within that minute", async () => {
    const { key, id } = await mint();
    expect((await list(key)).status).toBe(200);
    await env.DB.prepare("UPDATE api_key SET revoked_at = 1 WHERE id = ?").bind(id).run();
    later(59_000);
    expect((await list(key)).status).toBe(200);
    later(1_000);
    expect((await list(key)).status).toBe(401);
  });
});

test("where a key is revoked it stops at once; repeating that is harmless", async () => {
  const { key, id } = await mint();
  expect((await list(key)).status).toBe(200);
  expect((await call("DELETE", `/api-key/${id}`, { key })).status).toBe(200);
  expect((await list(key)).status).toBe(401);
  const revoked = await revokedAt(id);
  expect((await call("DELETE", `/api-key/${id}`)).status).toBe(200);
  expect(await revokedAt(id)).toBe(revoked);
});

const revokedAt = async (id: string): Promise<string> => {
  const keys = await data("GET", "/api-key?limit=100");
  const { revokedAt } = keys.find((key: Json) => key.id === id);
  expect(revokedAt).toBeTruthy();
  return revokedAt as string;
};

test("a key stops when it expires, however lately it was looked up", async () => {
  const { key } = await mint({ expiresAt: new Date(Date.now() + 30_000).toISOString() });
  expect((await list(key)).status).toBe(200);
  later(30_000);
  expect((await list(key)).status).toBe(401);
});

test("last use is written once an hour, whatever is called", async () => {
  const { key, id } = await mint();
  const used = async (): Promise<number | null> => {
    const context = createExecutionContext();
    const request = new Request(`http://localhost${BASE}`, { headers: { "api-key": key } });
    await (await app.fetch(request, env, context)).text();
    await waitOnExecutionContext(context);
    return env.DB.prepare("SELECT last_used_at FROM api_key WHERE id = ?")
      .bind(id)
      .first("last_used_at");
  };
  later(0);
  const first = await used();
  expect(first).toBeGreaterThan(0);
  later(59 * 60_000);
  expect(await used()).toBe(first);
  later(60_000);
  expect(await used()).toBe((first ?? 0) + 3_600_000);
});

test("an administrator's key sees, makes and revokes keys of its own workspace alone", async () => {
  const admin = await mint({ workspace: "ours", scopes: ["keys:admin", "groups:read"] });
  const theirs = await mint({ workspace: "theirs" });
  const as = (method: string, path: string, body?: object) =>
    call(method, path, { key: admin.key, ...(body && { body }) });
  const made = await as("POST", "/api-key", { name: "Reader", scopes: ["groups:read"] });
  expect(made.body.data).toMatchObject({ workspace: "ours", scopes: ["groups:read"] });
  const keys = await as("GET", "/api-key");
  expect(keys.body.total).toBe(2);
  expect(keys.body.data.map((key: Json) => key.workspace)).toEqual(["ours", "ours"]);
  expect(await as("DELETE", `/api-key/${theirs.id}`)).toMatchObject({
    status: 404,
    body: { code: "API_KEY_NOT_FOUND" },
  });
  expect((await list(theirs.key)).status).toBe(200);
  for (const beyond of [{ workspace: "theirs" }, { scopes: ["groups:write"] }]) {
    const more = { name: "More", scopes: ["groups:read"], ...beyond };
    const refused = await as("POST", "/api-key", more);
    expect(refused).toMatchObject({ status: 403, body: { code: "INSUFFICIENT_SCOPE" } });
  }
  expect((await as("GET", "/api-key")).body.total).toBe(2);
});

test("a root key that is missing or short opens nothing; other keys go on working", async () => {
  const { key } = await mint();
  const group = await newGroup();
  for (const root of [undefined, "", "x".repeat(31)]) {
    const bindings = { ROOT_API_KEY: root };
    const get = (key: string) => call("GET", `${BASE}/${group}`, { key, bindings });
    expect((await get(root ?? env.ROOT_API_KEY)).status).toBe(401);
    expect((await get(key)).status).toBe(200);
  }
});
