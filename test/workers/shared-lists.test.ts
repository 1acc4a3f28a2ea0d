import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { BASE, call, data, newGroup } from "../support/workers/api.ts";

afterEach(() => vi.restoreAllMocks());

const AT_ONCE = 20;
const many = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: AT_ONCE }, make));

test("equal lists of the same instant share a query, and each shows what was stored before it was asked for", async () => {
  await newGroup(0, { name: "shared 1" });
  const path = `${BASE}?search=shared`;
  const begin = vi.spyOn(Object.getPrototypeOf(env.DB) as D1Database, "withSession");
  const answers = await many(() => call("GET", path));
  expect(begin.mock.calls.length).toBeLessThanOrEqual(3);
  expect(answers.map(({ status }) => status)).toEqual(Array.from(answers, () => 200));
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  for (const { headers } of answers) expect(headers.get("x-d1-bookmark")).toBeTruthy();
  const running = many(() => call("GET", path));
  await newGroup(0, { name: "shared 2" });
  expect((await call("GET", path)).body.total).toBe(2);
  await running;
});

test("equal lists of two workspaces share nothing", async () => {
  const body = { name: "Test", scopes: ["groups:read"], workspace: "sharing-nothing" };
  const { key } = await data("POST", "/api-key", body);
  await newGroup(0, { name: "mine alone" });
  const path = `${BASE}?search=mine%20alone`;
  const [own, others] = await Promise.all([
    many(() => call("GET", path)),
    many(() => call("GET", path, { key })),
  ]);
  expect(own.map((answer) => answer.body.total)).toEqual(own.map(() => 1));
  expect(others.map((answer) => answer.body.total)).toEqual(others.map(() => 0));
});
