import { expect, test } from "vitest";
import { presentGroup } from "../../src/api/groups/present.ts";
import { createGroup } from "../../src/domain/lifecycle.ts";
import { GROUP_INPUT } from "../support/group-input.ts";

const START = Date.parse("2026-01-15T09:00:00Z");
const MINUTE_MS = 60_000;
const running = {
  ...createGroup("0".repeat(24), "default", GROUP_INPUT, START),
  status: "processing" as const,
  totalJobs: 20,
  pendingJobs: 10,
  completedJobs: 10,
  runStartedAt: START,
  runFinishedJobs: 10,
  runFinishOffsetsMs: 55 * MINUTE_MS,
  estimatedCompletionAt: START + 18 * MINUTE_MS,
};
const shown = (group: typeof running, minutes: number) =>
  Date.parse(presentGroup(group, START + minutes * MINUTE_MS).estimatedCompletionTime ?? "");

test("the estimate of a processing group recedes while nothing finishes, from the first minute on", () => {
  const estimates = [10, 11, 15, 30].map((minutes) => shown(running, minutes));
  expect(estimates).toEqual([...new Set(estimates)].toSorted((a, b) => a - b));
});

test("a finished group keeps the last estimate it gave", () => {
  const finished = { ...running, status: "completed" as unknown as "processing" };
  expect(shown(finished, 10)).toBe(running.estimatedCompletionAt);
  expect(shown(finished, 600)).toBe(running.estimatedCompletionAt);
});
