import fc from "fast-check";
import { expect, test } from "vitest";
import {
  estimateOf,
  finishedShare,
  inWords,
  isStill,
  meanRate,
  ratePerMinute,
  segments,
} from "../../../src/dashboard/parts/progress.ts";

const NOW = Date.parse("2026-02-02T08:00:00.000Z");
const at = (seconds: number) => new Date(NOW + seconds * 1_000).toISOString();

const group = {
  status: "processing" as const,
  totalJobs: 150,
  pendingJobs: 20,
  processingJobs: 3,
  completedJobs: 120,
  failedJobs: 10,
  cancelledJobs: 0,
  updatedAt: at(-5),
  estimatedCompletionTime: at(55),
};

test("the bar's parts add up to the group's jobs", () => {
  const counts = fc.tuple(...Array.from({ length: 5 }, () => fc.nat(100_000)));
  fc.assert(
    fc.property(
      counts,
      ([completedJobs = 0, failedJobs = 0, running = 0, waiting = 0, cut = 0]) => {
        const totalJobs = completedJobs + failedJobs + running + waiting + cut;
        const parts = segments({
          totalJobs,
          completedJobs,
          failedJobs,
          processingJobs: running,
          pendingJobs: running + waiting,
          cancelledJobs: cut,
        });
        expect(parts.reduce((sum, [, jobs]) => sum + jobs, 0)).toBe(totalJobs);
        expect(parts.every(([, jobs]) => jobs >= 0)).toBe(true);
      },
    ),
  );
});

test("a group in words leaves out what it has none of", () => {
  expect(inWords(group)).toBe("120 completed, 10 failed, 3 processing, 17 waiting, of 150 jobs");
  expect(inWords({ ...group, totalJobs: 0 })).toBe("No jobs yet");
});

test("the rate is the one that the API's estimate is made from", () => {
  expect(ratePerMinute(group, NOW)).toBe(20);
  expect(meanRate({ ...group, startedAt: at(-120), completedAt: at(0) })).toBe(65);
});

test("a group in which nothing happens has no rate and no estimate", () => {
  const still = { ...group, processingJobs: 0, updatedAt: at(-31) };
  expect(isStill(still, NOW)).toBe(true);
  expect([estimateOf(still, NOW), ratePerMinute(still, NOW)]).toEqual([undefined, undefined]);
});

test.each([
  ["a job is being read", { processingJobs: 1 }],
  ["it has just changed", { updatedAt: at(-29) }],
  ["nothing is left", { pendingJobs: 0 }],
  ["it has not been released", { status: "created" as const }],
])("a group does not stand still when %s", (_, change) => {
  expect(isStill({ ...group, processingJobs: 0, updatedAt: at(-31), ...change }, NOW)).toBe(false);
});

test("only a group without pending jobs is shown as finished", () => {
  expect(finishedShare(group)).toBeCloseTo(130 / 150);
  expect(finishedShare({ ...group, totalJobs: 0 })).toBe(0);
});
