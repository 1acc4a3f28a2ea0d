import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import app from "../../../src/index.ts";
import { operationOf, specFault } from "./spec.ts";

export const BASE = "/ocr-invoice-job-group";

// oxlint-disable-next-line typescript/no-explicit-any -- bodies are checked against the spec, not by types
export type Json = any;

export interface Answer {
  status: number;
  headers: Headers;
  body: Json;
}

export interface Options {
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: BodyInit;
  headers?: Record<string, string>;
  /** `null` sends no key. */
  key?: string | null;
  /** Bindings in place of the server's. */
  bindings?: Record<string, unknown>;
}

/** Tests call as fast as they can: what limits them is bound only where it is tested. */
const SERVER = { ...env, RATE_LIMITER: undefined };

/** Calls the API as a client would, and fails the test when the answer is not what the spec declares. */
export async function call(method: string, path: string, options: Options = {}): Promise<Answer> {
  const { body, raw, key = env.ROOT_API_KEY, bindings } = options;
  const headers: Record<string, string> = { ...options.headers };
  if (key !== null) headers["api-key"] = key;
  if (body !== undefined) headers["content-type"] ??= "application/json";
  const sent = raw ?? (body === undefined ? null : JSON.stringify(body));
  const url = new URL(path, "http://localhost");
  // Straight to the app: a call through the pool's entry gets slower with every one before it.
  const request = new Request(url, { method, headers, body: sent });
  const response = await app.fetch(request, { ...SERVER, ...bindings }, createExecutionContext());
  const text = await response.text();
  const json = text === "" ? undefined : JSON.parse(text);
  const operation = operationOf(method, url.pathname);
  if (operation !== undefined) expect(specFault(operation, response, json)).toBeNull();
  expect(response.headers.get("x-request-id")).toBeTruthy();
  return { status: response.status, headers: response.headers, body: json };
}

/** The `data` of an answer that must have succeeded. */
export async function data(method: string, path: string, body?: unknown): Promise<Json> {
  const answer = await call(method, path, body === undefined ? {} : { body });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body.data;
}

/** A new group with `jobs` jobs, released unless told otherwise; answers its id. */
export async function newGroup(
  jobs = 0,
  {
    settings = {},
    release = true,
    ...fields
  }: { settings?: object; release?: boolean; [field: string]: unknown } = {},
): Promise<string> {
  const input = { name: "Test", template: "t-1", processingSettings: settings, ...fields };
  const { _id } = await data("POST", BASE, input);
  for (let added = 0; added < jobs; added += 1000) {
    const batch = Array.from({ length: Math.min(1000, jobs - added) }, (_, index) => ({
      documentName: `invoice-${added + index + 1}.pdf`,
    }));
    await data("POST", `${BASE}/${_id}/jobs`, { jobs: batch });
  }
  if (release && jobs > 0) await data("POST", `${BASE}/${_id}/process`);
  return _id as string;
}

export const claim = (group: string, maxJobs = 10): Promise<Json[]> =>
  data("POST", `${BASE}/${group}/jobs/claim`, { workerId: "w", maxJobs });

export const settle = (
  group: string,
  lease: Json,
  how: "complete" | "fail" | "release",
  fields: object = {},
): Promise<Answer> =>
  call("POST", `${BASE}/${group}/jobs/${lease.jobId}/${how}`, {
    body: { leaseId: lease.leaseId, ...fields },
  });

/** Counts the job rows by state and holds them against the group's counters. */
export async function expectCountersToBeExact(group: string): Promise<Json> {
  const { results } = await env.DB.prepare(
    "SELECT status, count(*) AS n FROM job WHERE group_id = ? GROUP BY status",
  )
    .bind(group)
    .all<{ status: string; n: number }>();
  const rows = Object.fromEntries(results.map(({ status, n }) => [status, n]));
  const { queued = 0, processing = 0, completed = 0, failed = 0, cancelled = 0 } = rows;
  const answer = await data("GET", `${BASE}/${group}`);
  expect(answer).toMatchObject({
    totalJobs: queued + processing + completed + failed + cancelled,
    pendingJobs: queued + processing,
    processingJobs: processing,
    completedJobs: completed,
    failedJobs: failed,
    cancelledJobs: cancelled,
  });
  return answer;
}
