import { expect, test } from "vitest";
import {
  burnDown,
  extended,
  type Point,
  pointsOf,
  spanOf,
  throughput,
} from "../../../src/dashboard/group/curve.ts";

type Group = Parameters<typeof burnDown>[1];
const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
const group = {
  status: "processing",
  totalJobs: 100,
  pendingJobs: 60,
  completedJobs: 30,
  failedJobs: 10,
  cancelledJobs: 0,
  startedAt: at(1_000),
  updatedAt: at(1_040),
} as Group;
const job = (seconds: number, status = "completed") =>
  ({ status, completedAt: at(seconds) }) as Parameters<typeof pointsOf>[0][number];

test("a sample of the jobs makes a curve that ends at the counters", () => {
  const points = pointsOf(
    [job(1_030), job(1_010), job(1_020, "failed"), job(1_005, "queued")],
    group,
  );
  expect(points.map(({ at }) => at)).toEqual([1_010, 1_020, 1_030]);
  expect(points.at(-1)?.finished).toBe(40);
});

test("the curve of jobs left begins with all jobs, ends with those pending, and goes on to the estimate", () => {
  const points = [{ at: 1_020, finished: 25 }];
  const span = { start: 1_000, end: 1_040 };
  expect(burnDown(points, group, span, at(1_100))).toEqual([
    [1_000, 1_020, 1_040, 1_100],
    [100, 75, 60, null],
    [null, null, 60, 0],
  ]);
  expect(burnDown(points, group, span, undefined)[0]).toHaveLength(3);
});

test("throughput counts every finished job once", () => {
  const points: Point[] = [5, 9, 9, 40].map((finished, n) => ({ at: 1_001 + n * 10, finished }));
  const [x, rates = []] = throughput(points, { start: 1_000, end: 1_048 });
  const minutes = 48 / x.length / 60;
  expect(rates.reduce<number>((sum, rate) => sum + (rate ?? 0) * minutes, 0)).toBeCloseTo(40);
});

test("a page that is open for long keeps a bounded curve, with its ends", () => {
  let points: readonly Point[] = [];
  for (let n = 1; n <= 5_000; n++) {
    points = extended(points, { ...group, completedJobs: n, failedJobs: 0, updatedAt: at(n) });
  }
  expect(points.length).toBeLessThanOrEqual(1_000);
  expect([points[0]?.finished, points.at(-1)?.finished]).toEqual([1, 5_000]);
});

test("a group that nobody has claimed from has no curve", () => {
  const { startedAt: _, ...unclaimed } = group;
  expect(spanOf([], unclaimed, 2_000)).toBeUndefined();
});
