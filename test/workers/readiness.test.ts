import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { call } from "../support/workers/api.ts";

const report = vi.spyOn(console, "error");
beforeEach(() => void report.mockReturnValue());
afterEach(() => {
  report.mockClear();
  vi.useRealTimers();
});

/** A database whose every query ends so. */
const database = (run: () => Promise<never>) => {
  const statement = { bind: () => statement, run, all: run, raw: run, first: run };
  return { DB: { prepare: () => statement } };
};

test("an API whose database answers is ready, and says so without a key", async () => {
  const { status, body } = await call("GET", "/health/ready", { key: null });
  expect({ status, data: body.data }).toEqual({ status: 200, data: { status: "ready" } });
});

test("a database that fails makes the API unready, and names no cause to the caller", async () => {
  const bindings = database(() => Promise.reject(new Error("D1_ERROR: no such table: job_group")));
  const { status, headers, body } = await call("GET", "/health/ready", { bindings });
  expect({ status, code: body.code }).toEqual({ status: 503, code: "UNAVAILABLE" });
  expect(headers.get("retry-after")).toBe("1");
  expect(JSON.stringify(body)).not.toContain("job_group");
  expect(report).toHaveBeenCalledOnce();
});

test("a database that gives no answer makes the API unready after five seconds", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const bindings = database(() => new Promise(() => undefined));
  const asked = call("GET", "/health/ready", { bindings });
  await vi.waitFor(() => expect(vi.getTimerCount()).toBe(1));
  await vi.advanceTimersByTimeAsync(5_000);
  expect((await asked).status).toBe(503);
});

test("anyone may ask, but not as often as they like", async () => {
  const bindings = { RATE_LIMITER: { limit: () => Promise.resolve({ success: false }) } };
  expect((await call("GET", "/health/ready", { bindings })).status).toBe(429);
});
