import type { Group, JobSummary } from "../data/types.ts";
import { finished } from "../parts/progress.ts";

/** At `at`, in epoch seconds, so many jobs had finished. */
export interface Point {
  readonly at: number;
  readonly finished: number;
}

export const seconds = (at: string): number => Date.parse(at) / 1_000;

/** The curve that the finishing times of these jobs make: all jobs of the group, or a sample of them. */
export function pointsOf(jobs: readonly JobSummary[], group: Group): Point[] {
  const times = jobs
    .flatMap(({ status, completedAt }) =>
      completedAt !== undefined && (status === "completed" || status === "failed")
        ? [seconds(completedAt)]
        : [],
    )
    .toSorted((a, b) => a - b);
  const weight = finished(group) / times.length;
  return times.map((at, index) => ({ at, finished: Math.round((index + 1) * weight) }));
}

const MOST_POINTS = 1_000;

/** The curve with what the group shows now. Of a long one every second point of the older half goes. */
export function extended(points: readonly Point[], group: Group): readonly Point[] {
  const point = { at: seconds(group.updatedAt), finished: finished(group) };
  const last = points.at(-1);
  if (last !== undefined && (last.finished === point.finished || last.at >= point.at))
    return points;
  if (points.length < MOST_POINTS) return [...points, point];
  return [...points.filter((_, index) => index > MOST_POINTS / 2 || index % 2 === 0), point];
}

/** Columns of a plot: times, and the values of each line at these times. */
export type Columns = readonly [number[], ...(number | null)[][]];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** From the group's first claim until it ended, or until now. */
export function spanOf(points: readonly Point[], group: Group, now: number): Span | undefined {
  const start = group.startedAt === undefined ? points[0]?.at : seconds(group.startedAt);
  if (start === undefined) return undefined;
  const end = group.completedAt === undefined ? now : seconds(group.completedAt);
  return { start, end: Math.max(start + 1, end) };
}

/** Jobs left, and jobs left as the estimate has it. */
export function burnDown(
  points: readonly Point[],
  group: Group,
  { start, end }: Span,
  estimate: string | undefined,
): Columns {
  const inside = points.filter(({ at }) => at > start && at < end);
  const total = group.pendingJobs + group.cancelledJobs + finished(group);
  const x = [start, ...inside.map(({ at }) => at), end];
  const left: (number | null)[] = [
    total,
    ...inside.map((point) => total - point.finished),
    group.pendingJobs,
  ];
  const estimated: (number | null)[] = x.map(() => null);
  const done = estimate === undefined ? end : seconds(estimate);
  if (done > end) {
    estimated[x.length - 1] = group.pendingJobs;
    x.push(done);
    left.push(null);
    estimated.push(0);
  }
  return [x, left, estimated];
}

const BUCKETS = 48;

/** Jobs that finished a minute, over equal stretches of the time. */
export function throughput(points: readonly Point[], { start, end }: Span): Columns {
  const width = (end - start) / BUCKETS;
  const jobs = Array.from({ length: BUCKETS }, () => 0);
  let before = 0;
  for (const { at, finished } of points) {
    const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.floor((at - start) / width)));
    jobs[bucket] = (jobs[bucket] ?? 0) + Math.max(0, finished - before);
    before = finished;
  }
  return [
    jobs.map((_, bucket) => start + (bucket + 0.5) * width),
    jobs.map((finishedJobs) => (finishedJobs * 60) / width),
  ];
}
