import { type CommittedGroup as Group, PRIORITIES } from "../../../src/domain/group.ts";
import type { Json } from "./store.ts";

export type Scalar = string | number | boolean;
export const LISTS = ["tags", "notifications.recipients"];
export const DATES = [
  "createdAt",
  "updatedAt",
  "startedAt",
  "completedAt",
  "pausedAt",
  "deletesAt",
  "estimatedCompletionTime",
];

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const inside = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

/** The value that the wire shows under a name, but times in milliseconds and priorities as ranks. */
export function shown(group: Group, name: string): unknown {
  const [root, ...keys] = name.split(".");
  if (root === "metadata") return keys.reduce(inside, JSON.parse(group.metadata)) ?? undefined;
  const done = group.completedJobs + group.failedJobs;
  const wire: Json = {
    ...group,
    _id: group.id,
    priority: PRIORITIES.indexOf(group.priority),
    estimatedCompletionTime: group.estimatedCompletionAt,
    "processingSettings.parallelJobs": group.parallelJobs,
    "processingSettings.retryCount": group.retryCount,
    "processingSettings.timeoutMinutes": group.timeoutMinutes,
    outcome: result(group),
    deletesAt: deletion(group),
    "processingSettings.maxFailureRate": group.maxFailureRate,
    "processingSettings.maxCost": group.maxCostMicros === null ? null : group.maxCostMicros / 1e6,
    "statistics.totalDocuments": done,
    "statistics.totalPages": group.totalPages,
    "statistics.averageProcessingTime":
      group.completedJobs === 0 ? 0 : group.totalProcessingMs / 1000 / group.completedJobs,
    "statistics.successRate": done === 0 ? 0 : group.completedJobs / done,
    "statistics.totalCost": group.totalCostMicros / 1e6,
    "statistics.currency": group.currency ?? "USD",
    "notifications.onCompletion": group.onCompletion,
    "notifications.onFailure": group.onFailure,
    "notifications.recipients": group.recipients,
  };
  return wire[name] ?? undefined;
}

const deletion = ({ status, completedAt, retentionDays }: Group): number | null => {
  const isOpen = ["created", "queued", "processing"].includes(status);
  if (isOpen || completedAt === null || retentionDays === null) return null;
  return completedAt + retentionDays * 86_400_000;
};

const result = ({ status, completedJobs, totalJobs }: Group): string | null => {
  if (["created", "queued", "processing"].includes(status)) return null;
  if (status !== "completed") return status;
  return completedJobs === totalJobs ? "succeeded" : "partial";
};

/** By code points, as SQLite compares UTF-8; NaN for values of different types. */
export function compare(a: unknown, b: unknown): number {
  if (typeof a === "string" && typeof b === "string") {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
  }
  return typeof a === typeof b ? Number(a) - Number(b) : Number.NaN;
}

export function compareGroups(a: Group, b: Group, sort: string): number {
  const [x, y] = [shown(a, sort), shown(b, sort)];
  const isSet = Number(x !== undefined) - Number(y !== undefined);
  const byValue = isSet || (x === undefined ? 0 : compare(x, y));
  if (sort === "_id") return byValue;
  return byValue || a.createdAt - b.createdAt || compare(a.id, b.id);
}

export function operand(name: string, value: Scalar): Scalar {
  if (name === "priority") return PRIORITIES.findIndex((priority) => priority === value);
  return DATES.includes(name) ? Date.parse(String(value)) : value;
}

export function isAmong(group: Group, name: string, values: readonly Scalar[]): boolean {
  const value = shown(group, name);
  if (LISTS.includes(name) && Array.isArray(value)) return values.some((v) => value.includes(v));
  return values.some((one) => value === operand(name, one));
}

export function isSet(group: Group, name: string): boolean {
  const value = shown(group, name);
  return LISTS.includes(name) && Array.isArray(value) ? value.length > 0 : value !== undefined;
}

export const ORDERINGS = {
  $gt: (order: number) => order > 0,
  $gte: (order: number) => order >= 0,
  $lt: (order: number) => order < 0,
  $lte: (order: number) => order <= 0,
};

const folded = (text: string) => text.toLowerCase().replaceAll("ς", "σ");
export const sought = (group: Group, search = "") =>
  [group.name, group.description, group.batchNumber, ...group.tags].some(
    (part) => part !== null && folded(part).includes(folded(search)),
  );
