import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { networkOf } from "../../src/http/auth/rate-limit.ts";
import { BASE, call, data } from "../support/workers/api.ts";

/** Admits `calls` of each caller, then none. */
function limiter(calls: number) {
  const counts = new Map<string, number>();
  const limit = ({ key = "" }: { key?: string }) => {
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return Promise.resolve({ success: (counts.get(key) ?? 0) <= calls });
  };
  return { counts, bindings: { RATE_LIMITER: { limit } } };
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

test("too often comes after an unknown key and before a missing scope", async () => {
  const { bindings } = limiter(0);
  expect((await call("GET", BASE, { key: "unknown", bindings })).status).toBe(401);
  const { key } = await mint("groups:write");
  await call("GET", BASE, { key });
  expect((await call("GET", BASE, { key, bindings })).status).toBe(429);
});

test("an address that tries keys is refused before each costs a look-up", async () => {
  const { counts, bindings } = limiter(1);
  const headers = { "cf-connecting-ip": "192.0.2.1" };
  const { id, key } = await mint("groups:read");
  await call("DELETE", `/api-key/${id}`);
  const tried = async () => (await call("GET", BASE, { key, headers, bindings })).status;
  expect(await tried()).toBe(401);
  await call("DELETE", `/api-key/${id}`);
  expect(await tried()).toBe(429);
  expect([...counts.keys()]).toEqual(["address:192.0.2.1"]);
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
