import { expect, test } from "vitest";
import { isTransient } from "../../src/lib/transient.ts";

test.each([
  new Error("D1_ERROR: Network connection lost."),
  new Error("D1 DB is overloaded. Too many requests queued."),
  new Error("D1_ERROR: Failed to parse body as JSON, got: Error: internal error; reference = 4m2"),
  new Error("D1 DB storage operation exceeded timeout which caused object to be reset."),
  new Error("Failed query", { cause: new Error("D1_ERROR: Network connection lost.") }),
  new Error("Durable Object's isolate exceeded its memory limit and was reset."),
  Object.assign(new Error("reset"), { durableObjectReset: true }),
  Object.assign(new Error("busy"), { overloaded: true }),
])("a repeat may help after: %s", (error) => {
  expect(isTransient(error)).toBe(true);
});

test.each([
  new Error("D1_ERROR: no such column: x: SQLITE_ERROR"),
  new TypeError("Cannot read properties of undefined"),
  "a string",
])("a repeat will not help after: %s", (error) => {
  expect(isTransient(error)).toBe(false);
});
