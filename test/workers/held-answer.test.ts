import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test, vi } from "vitest";
import app, { GroupCoordinator } from "../../src/index.ts";
import { BASE, call, data, newGroup, SERVER } from "../support/workers/api.ts";

const claim = (group: string, waitSeconds: number) =>
  app.fetch(
    new Request(`http://localhost${BASE}/${group}/jobs/claim`, {
      method: "POST",
      headers: { "api-key": env.ROOT_API_KEY, "content-type": "application/json" },
      body: JSON.stringify({ workerId: "w", maxJobs: 1, waitSeconds }),
    }),
    SERVER,
    createExecutionContext(),
  );

test("an answer that is held back begins with its status and a line break, and ends with its JSON", async () => {
  const group = await newGroup(1, { release: false });
  const answer = await claim(group, 20);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(answer.headers.has("x-d1-bookmark")).toBe(false);
  await data("POST", `${BASE}/${group}/process`);
  const text = await answer.text();
  expect(text).toMatch(/^\n+\{"success":true,"data":\[\{/);
  expect(JSON.parse(text).data).toHaveLength(1);
});

test("a claim whose first look leases a job, or is refused, is answered as if it did not wait", async () => {
  const group = await newGroup(1);
  expect(await (await claim(group, 20)).text()).toMatch(/^\{"success":true,"data":\[\{/);
  const unknown = await claim("0".repeat(24), 20);
  expect([unknown.status, unknown.headers.get("content-type")]).toEqual([
    404,
    "application/problem+json",
  ]);
});

test("a claim that is refused while it waits is broken off, and the next is told why", async () => {
  vi.spyOn(console, "error").mockReturnValue();
  const waits = vi.spyOn(GroupCoordinator.prototype, "executePatiently");
  const group = await newGroup();
  const answer = await claim(group, 20);
  const text = answer.text();
  await vi.waitFor(() => expect(waits).toHaveBeenCalledTimes(2), { timeout: 5_000 });
  await Promise.all([
    expect(text).rejects.toThrow("was refused: GROUP_NOT_FOUND"),
    data("DELETE", `${BASE}/${group}`),
  ]);
  const body = { workerId: "w", maxJobs: 1 };
  expect((await call("POST", `${BASE}/${group}/jobs/claim`, { body })).status).toBe(404);
  vi.restoreAllMocks();
});
