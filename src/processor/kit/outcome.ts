import { Throttled, Unreadable } from "../errors.ts";
import type { ReadResult } from "./types.ts";

interface Expense {
  pages?: number;
  cost?: number;
  currency?: string;
}

export interface Completion extends Expense {
  confidence?: number;
  extractedData?: Record<string, unknown>;
}

export interface Failure extends Expense {
  error: string;
  errorCode: string;
  retryable: boolean;
}

export interface Deferral {
  reason: string;
  retryAfterSeconds: number;
}

/** The report that a reading ends with. */
export type Outcome =
  | { kind: "complete"; body: Completion }
  | { kind: "fail"; body: Failure }
  /** `restSeconds`: the engine gets no new work for so long. */
  | { kind: "release"; body: Deferral; restSeconds: number };

const LONGEST_ERROR = 2_000;
const LONGEST_REASON = 200;
const LONGEST_WAIT_SECONDS = 86_400;
const ERROR_CODE = /^[a-z0-9_.-]{1,64}$/;

/** JSON is made here, so that a result which JSON cannot hold is the reader's fault and no fault of a call. */
export function outcomeOfResult(result: unknown): Outcome {
  if (!isObject(result)) return failure("reader_error", "the reader returned no result");
  const { confidence, extractedData } = result as ReadResult;
  let data: unknown;
  try {
    data = extractedData === undefined ? undefined : JSON.parse(JSON.stringify(extractedData));
  } catch (error) {
    return failure("result_refused", `extractedData is no JSON: ${textOf(error)}`, false);
  }
  const body = {
    ...expenseOf(result),
    ...(confidence !== undefined && { confidence }),
    ...(data !== undefined && { extractedData: data as Record<string, unknown> }),
  };
  return { kind: "complete", body };
}

/** Anything can be thrown: `undefined`, a string, an object whose getters throw. */
export function outcomeOfError(thrown: unknown): Outcome {
  if (thrown instanceof Throttled) {
    const retryAfterSeconds = wholeSeconds(thrown.retryAfterSeconds);
    const restSeconds = thrown.scope === "engine" ? retryAfterSeconds : 0;
    return release(thrown.message, retryAfterSeconds, restSeconds);
  }
  const retryable = !(thrown instanceof Unreadable);
  try {
    const errorCode = isObject(thrown) ? thrown["errorCode"] : undefined;
    const isCode = typeof errorCode === "string" && ERROR_CODE.test(errorCode);
    const { body } = failure(isCode ? errorCode : "reader_error", textOf(thrown), retryable);
    return { kind: "fail", body: { ...body, ...(isObject(thrown) && expenseOf(thrown)) } };
  } catch {
    return failure("reader_error", "the reader threw something that cannot be shown", retryable);
  }
}

export function release(reason: string, retryAfterSeconds = 0, restSeconds = 0) {
  const body = { reason: text(reason, LONGEST_REASON, "released"), retryAfterSeconds };
  return { kind: "release" as const, body, restSeconds };
}

export function failure(errorCode: string, error: string, retryable = true) {
  const body = { error: text(error, LONGEST_ERROR, errorCode), errorCode, retryable };
  return { kind: "fail" as const, body };
}

/** A sum of decimals drifts in binary: 3 × 0.0015 has 19 decimals, and the API takes six. */
function expenseOf({ pages, cost, currency }: Record<string, unknown>): Expense {
  return {
    ...(pages !== undefined && { pages: pages as number }),
    ...(cost !== undefined && { cost: typeof cost === "number" ? rounded(cost) : (cost as never) }),
    ...(currency !== undefined && { currency: currency as string }),
  };
}

const rounded = (cost: number) => Math.round(cost * 1e6) / 1e6;

function textOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === "string" ? thrown : `the reader threw ${String(thrown)}`;
}

/** The API refuses empty texts, NUL and halves of surrogate pairs. */
function text(value: unknown, longest: number, otherwise: string): string {
  const clean = String(value).replaceAll("\0", "").toWellFormed();
  return Array.from(clean).slice(0, longest).join("") || otherwise;
}

function wholeSeconds(seconds: number): number {
  const whole = Math.ceil(seconds);
  return Number.isNaN(whole) ? 0 : Math.max(0, Math.min(LONGEST_WAIT_SECONDS, whole));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
