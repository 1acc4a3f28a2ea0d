import { type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { GROUP_STATUSES, PRIORITIES } from "../../../domain/group.ts";
import { OUTCOMES } from "../../../domain/outcome.ts";
import { jobGroup as g } from "../../schema.ts";

/** The SQL of a field that clients name. */
export interface Field {
  readonly type: "string" | "number" | "date" | "boolean" | "enum" | "strings";
  readonly expression: SQLWrapper;
  /** Converts a client's value to the stored one. `undefined`: the value has another type. */
  readonly toDriver: (value: unknown) => string | number | undefined;
  /** Describes the values that `toDriver` takes, for a problem. */
  readonly expects: string;
  /** The column whose JSON each comparison parses. */
  readonly parses?: SQLWrapper;
}

const anyString = (value: unknown) => (typeof value === "string" ? value : undefined);
const anyNumber = (value: unknown) => (Number.isFinite(value) ? Number(value) : undefined);
const anyBoolean = (value: unknown) => (typeof value === "boolean" ? Number(value) : undefined);

const string = (expression: SQLWrapper): Field => ({
  type: "string",
  expression,
  toDriver: anyString,
  expects: "a string",
});
const strings = (expression: SQLWrapper): Field => ({
  ...string(expression),
  type: "strings",
  parses: expression,
});
const number = (expression: SQLWrapper): Field => ({
  type: "number",
  expression,
  toDriver: anyNumber,
  expects: "a number",
});
const boolean = (expression: SQLWrapper): Field => ({
  type: "boolean",
  expression,
  toDriver: anyBoolean,
  expects: "true or false",
});
const date = (expression: SQLWrapper): Field => ({
  type: "date",
  expression,
  toDriver: (value) => (typeof value === "string" ? epochMs(value) : undefined),
  expects: "a time with Z or an offset, such as 2026-01-31T09:30:00Z",
});
const oneOf = (
  expression: SQLWrapper,
  allowed: readonly string[],
  toDriver: (value: string) => string | number,
): Field => ({
  type: "enum",
  expression,
  toDriver: (value) =>
    typeof value === "string" && allowed.includes(value) ? toDriver(value) : undefined,
  expects: `one of ${allowed.join(", ")}`,
});

const TIME =
  /^(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i;

/** Keeps the digits below the millisecond, so that a comparison with the time stays true. */
function epochMs(text: string): number | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return;
  const [, day, time, fraction = "", offset] = parts;
  // Date.parse turns 30 February into 2 March.
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(`${day}T`)) return;
  const fractionMs = Number(`${fraction.slice(0, 3).padEnd(3, "0")}.${fraction.slice(3)}`);
  return Date.parse(`${day}T${time}${offset}`.toUpperCase()) + fractionMs;
}

const settled = sql`(${g.completedJobs} + ${g.failedJobs})`;
const meanSeconds = sql`coalesce(${g.totalProcessingMs} / 1000.0 / nullif(${g.completedJobs}, 0), 0)`;
const successRate = sql`coalesce(${g.completedJobs} * 1.0 / nullif(${settled}, 0), 0)`;

const outcome = sql`CASE WHEN ${g.status} IN ('failed', 'cancelled') THEN ${g.status}
  WHEN ${g.status} = 'completed' THEN CASE WHEN ${g.completedJobs} = ${g.totalJobs} THEN 'succeeded' ELSE 'partial' END END`;

const SCALARS = {
  _id: string(g.id),
  name: string(g.name),
  description: string(g.description),
  batchNumber: string(g.batchNumber),
  template: string(g.template),
  priority: oneOf(g.priority, PRIORITIES, (name) => PRIORITIES.findIndex((p) => p === name)),
  status: oneOf(g.status, GROUP_STATUSES, (name) => name),
  outcome: oneOf(outcome, OUTCOMES, (name) => name),
  totalJobs: number(g.totalJobs),
  pendingJobs: number(g.pendingJobs),
  completedJobs: number(g.completedJobs),
  failedJobs: number(g.failedJobs),
  cancelledJobs: number(g.cancelledJobs),
  processingJobs: number(g.processingJobs),
  "processingSettings.parallelJobs": number(g.parallelJobs),
  "processingSettings.retryCount": number(g.retryCount),
  "processingSettings.timeoutMinutes": number(g.timeoutMinutes),
  "statistics.totalDocuments": number(settled),
  "statistics.totalPages": number(g.totalPages),
  "statistics.averageProcessingTime": number(meanSeconds),
  "statistics.successRate": number(successRate),
  // This quotient is the same double that the decimal in an answer parses to.
  "statistics.totalCost": number(sql`(${g.totalCostMicros} / 1000000.0)`),
  "statistics.currency": string(sql`coalesce(${g.currency}, 'USD')`),
  "processingSettings.maxFailureRate": number(g.maxFailureRate),
  "processingSettings.maxCost": number(sql`(${g.maxCostMicros} / 1000000.0)`),
  "notifications.onCompletion": boolean(g.onCompletion),
  "notifications.onFailure": boolean(g.onFailure),
  createdBy: string(g.createdBy),
  assignedTo: string(g.assignedTo),
  createdAt: date(g.createdAt),
  updatedAt: date(g.updatedAt),
  startedAt: date(g.startedAt),
  completedAt: date(g.completedAt),
  pausedAt: date(g.pausedAt),
  deletesAt: date(g.deletesAt),
  estimatedCompletionTime: date(g.estimatedCompletionAt),
};

export type SortField = keyof typeof SCALARS;
const isSortField = (name: string): name is SortField => Object.hasOwn(SCALARS, name);
export const SORT_FIELDS = Object.keys(SCALARS).filter(isSortField);
export const scalarField = (name: SortField): Field => SCALARS[name];
export const tagsField = strings(g.tags);

const FIELDS = new Map<string, Field>([
  ...Object.entries(SCALARS),
  ["notifications.recipients", strings(g.recipients)],
  ["tags", tagsField],
]);
export const FILTER_FIELDS: readonly string[] = [...FIELDS.keys(), "metadata.<key>"];

/** A field of `metadata` gets its type from the value that it is compared with. */
export type FieldFor = (value?: unknown) => Field;

/** Finds a field by the name that clients use. */
export function fieldNamed(name: string): FieldFor | undefined {
  const field = FIELDS.get(name);
  if (field !== undefined) return () => field;
  const [root, ...keys] = name.split(".");
  if (root !== "metadata" || keys.length === 0 || keys.includes("")) return;
  const path = `$${keys.map((key) => `.${JSON.stringify(key)}`).join("")}`;
  return (value) => ({ ...metadataField(path, value), parses: g.metadata });
}

function metadataField(path: string, value: unknown): Field {
  if (typeof value === "string") return string(typed(path, sql`WHEN 'text' THEN v ->> '$'`));
  if (typeof value === "number") {
    return number(typed(path, sql`WHEN 'integer' THEN v ->> '$' WHEN 'real' THEN v ->> '$'`));
  }
  if (typeof value === "boolean") {
    return boolean(typed(path, sql`WHEN 'true' THEN 1 WHEN 'false' THEN 0`));
  }
  return {
    ...string(sql`(${g.metadata} ->> ${path})`),
    toDriver: () => undefined,
    expects: "a string, a number, true or false",
  };
}

/** The stored value, or NULL when it has another type: 1 is not "1", and true is not 1. Binds the path once. */
const typed = (path: string, cases: SQL): SQL =>
  sql`(SELECT CASE json_type(v) ${cases} END FROM (SELECT ${g.metadata} -> ${path} AS v))`;
