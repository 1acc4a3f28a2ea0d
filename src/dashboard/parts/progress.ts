import type { Group } from "../data/types.ts";
import { count, counted } from "./format.ts";

export type Segment = "completed" | "failed" | "processing" | "waiting" | "cancelled";

export type Counters = Pick<
  Group,
  "totalJobs" | "pendingJobs" | "processingJobs" | "completedJobs" | "failedJobs" | "cancelledJobs"
>;

/** The bar's parts, from left to right. Their sum is `totalJobs`. */
export function segments(group: Counters): readonly (readonly [Segment, number])[] {
  return [
    ["completed", group.completedJobs],
    ["failed", group.failedJobs],
    ["processing", group.processingJobs],
    ["waiting", group.pendingJobs - group.processingJobs],
    ["cancelled", group.cancelledJobs],
  ];
}

/** `120 completed, 10 failed, 20 waiting, of 150 jobs` */
export function inWords(group: Counters): string {
  if (group.totalJobs === 0) return "No jobs yet";
  const parts = segments(group).flatMap(([name, jobs]) =>
    jobs > 0 ? `${count(jobs)} ${name}` : [],
  );
  return `${parts.join(", ")}, of ${counted(group.totalJobs, "job")}`;
}

export const finished = ({ completedJobs, failedJobs }: Counters): number =>
  completedJobs + failedJobs;

export const finishedShare = (group: Counters): number =>
  group.totalJobs === 0 ? 0 : (finished(group) + group.cancelledJobs) / group.totalJobs;

type Timed = Counters & Pick<Group, "status" | "updatedAt" | "estimatedCompletionTime">;

/** The API's estimate, as long as something happens that it could be made from. */
export const estimateOf = (group: Timed, now: number): string | undefined =>
  group.status === "processing" && !isStill(group, now) ? group.estimatedCompletionTime : undefined;

/** Jobs a minute, as the API's estimate has it; `undefined` while there is none. */
export function ratePerMinute(group: Timed, now: number): number | undefined {
  const done = estimateOf(group, now);
  if (done === undefined) return undefined;
  const minutes = (Date.parse(done) - Date.parse(group.updatedAt)) / 60_000;
  return minutes > 0 ? group.pendingJobs / minutes : undefined;
}

/** Jobs a minute over the whole of a group that has ended. */
export function meanRate(
  group: Counters & Pick<Group, "startedAt" | "completedAt">,
): number | undefined {
  if (group.startedAt === undefined || group.completedAt === undefined) return undefined;
  const minutes = (Date.parse(group.completedAt) - Date.parse(group.startedAt)) / 60_000;
  return minutes > 0 && finished(group) > 0 ? finished(group) / minutes : undefined;
}

export const isEnded = ({ status }: Pick<Group, "status">): boolean =>
  status === "completed" || status === "failed" || status === "cancelled";

const QUIET_MS = 30_000;

/** Nothing has happened for a while although jobs wait and none is being read. */
export const isStill = (group: Timed & Pick<Group, "pausedAt">, now: number): boolean =>
  group.pausedAt === undefined &&
  (group.status === "queued" || group.status === "processing") &&
  group.processingJobs === 0 &&
  group.pendingJobs > 0 &&
  now - Date.parse(group.updatedAt) > QUIET_MS;
