import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { callWeight } from "../../src/http/auth/call-weights.ts";
import { formatOf, newKey } from "../../src/http/auth/key-format.ts";
import { networkOf } from "../../src/http/auth/rate-limit.ts";
import { BASE, call, data } from "../support/workers/api.ts";

/** Admits `calls` of each caller, then none. A call is admitted when its first part is. */
function limiter(calls: number, binding = "RATE_LIMITER") {
  const counts = new Map<string, number>();
  const limit = ({ key, delta = 1 }: RateLimitOptions) => {
    const before = counts.get(key) ?? 0;
    counts.set(key, before + delta);
    return Promise.resolve({ success: before < calls });
  };
  return { counts, bindings: { [binding]: { limit } } };
}
const mint = (...scopes: string[]) => data("POST", "/api-key", { name: "Test", scopes });

test("a key that calls too often is refused and told how long to wait; others are not", async () => {
  const { bindings } = limiter(2);
  for (const status of [200, 200, 429]) {
    expect((await call("GET", BASE, { bindings })).status).toBe(status);
  }
  const { key } = await mint("groups:read");
  expect((await call("GET", BASE, { key, bindings })).status).toBe(200);
  const refused = await call("GET", BASE, { bindings });
  expect(refused.body.code).toBe("RATE_LIMITED");
  expect(refused.headers.get("retry-after")).toBe("10");
});

test("the keys of a workspace share its limit, and another workspace has its own", async () => {
  const { bindings } = limiter(2 * callWeight("listJobGroups"), "WORKSPACE_LIMITER");
  const keys = [await mint("groups:read"), await mint("groups:read")];
  const statuses = [];
  for (const { key } of [...keys, ...keys]) {
    statuses.push((await call("GET", BASE, { key, bindings })).status);
  }
  expect(statuses).toEqual([200, 200, 429, 429]);
  const body = { name: "Test", scopes: ["groups:read"], workspace: "another" };
  const { key } = await data("POST", "/api-key", body);
  expect((await call("GET", BASE, { key, bindings })).status).toBe(200);
});

test("a dear call counts for more than a cheap one in the limit of its workspace", async () => {
  const { counts, bindings } = limiter(1_000, "WORKSPACE_LIMITER");
  await call("GET", "/api-key/current", { bindings });
  expect(counts.get("workspace:default")).toBe(1);
  await call("GET", BASE, { bindings });
  expect(counts.get("workspace:default")).toBe(1 + callWeight("listJobGroups"));
});

test("too often comes after an unknown key and before a missing scope", async () => {
  const { bindings } = limiter(0);
  expect((await call("GET", BASE, { key: "unknown", bindings })).status).toBe(401);
  const { key } = await mint("groups:write");
  await call("GET", BASE, { key });
  expect((await call("GET", BASE, { key, bindings })).status).toBe(429);
});

test("an address that tries keys is refused before each costs a look-up", async () => {
  const { counts, bindings } = limiter(1, "STRANGER_LIMITER");
  const headers = { "cf-connecting-ip": "192.0.2.1" };
  const { id, key } = await mint("groups:read");
  await call("DELETE", `/api-key/${id}`);
  const tried = async () => (await call("GET", BASE, { key, headers, bindings })).status;
  expect(await tried()).toBe(401);
  await call("DELETE", `/api-key/${id}`);
  expect(await tried()).toBe(429);
  expect([...counts.keys()]).toEqual(["address:192.0.2.1"]);
});

const SECRETS = ["first-secret-of-the-checksums-000001", "second-secret-of-the-checksums-00002"];

test("a key that is not made with the secret is refused without a look-up, and one from before is looked up", async () => {
  const { counts, bindings } = limiter(1_000, "STRANGER_LIMITER");
  const secret = { ...bindings, API_KEY_SECRETS: SECRETS.join() };
  const body = { name: "Test", scopes: ["groups:read"] };
  const { key } = (await call("POST", "/api-key", { body, bindings: secret })).body.data;
  const madeUp = `${key.slice(0, -8)}${key.at(-8) === "0" ? "1" : "0"}${key.slice(-7)}`;
  expect((await call("GET", BASE, { key: madeUp, bindings: secret })).status).toBe(401);
  expect(counts.size).toBe(0);
  expect((await call("GET", BASE, { key, bindings: secret })).status).toBe(200);
  expect([...counts.values()]).toEqual([1]);
  const before = await mint("groups:read");
  expect((await call("GET", BASE, { key: before.key, bindings: secret })).status).toBe(200);
  expect([...counts.values()]).toEqual([11]);
});

test("a key knows the secret that made it after a new one has come, and no other", async () => {
  const key = await newKey(SECRETS);
  expect(await formatOf(key, SECRETS)).toBe("keyed");
  expect(await formatOf(key, SECRETS.toReversed())).toBe("keyed");
  expect(await formatOf(key, SECRETS.slice(1))).toBeUndefined();
  expect(await formatOf(await newKey([]), SECRETS)).toBe("public");
});

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:0:42::1", "2001:db8:0:42::/64"],
  ["2001:0DB8:0000:0042:8000::ffff", "2001:db8:0:42::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("%s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test("the Worker has a limiter of its own, which lets a first call through", async () => {
  expect(await env.RATE_LIMITER.limit({ key: "test" })).toEqual({ success: true });
});
