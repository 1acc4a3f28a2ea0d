import { afterEach, expect, test, vi } from "vitest";
import { RunningExports } from "../../src/api/results/running-exports.ts";

afterEach(() => vi.useRealTimers());

test("a workspace has so many exports, of which those that ask for nothing for a minute do not count", () => {
  vi.useFakeTimers();
  const exports = new RunningExports(2);
  const enter = (workspace = "a") => exports.enter(workspace);
  const first = enter();
  enter();
  expect(enter()).toBeUndefined();
  expect(enter("b")).toBeDefined();
  if (first) exports.leave(first);
  const goesOn = enter();
  expect(enter()).toBeUndefined();
  vi.advanceTimersByTime(60_001);
  if (goesOn) exports.goOn(goesOn);
  expect(enter()).toBeDefined();
  expect(enter()).toBeUndefined();
});
