import { env } from "cloudflare:workers";
import { expect } from "vitest";
import type { Answer } from "../client.ts";
import { database } from "./database.ts";

const STATUSES: Record<string, number> = {
  MALFORMED_JSON: 400,
  MALFORMED_FORM: 400,
  VALIDATION_FAILED: 400,
  UNAUTHORIZED: 401,
  SIGNATURE_REFUSED: 401,
  NOT_FOUND: 404,
  GROUP_NOT_FOUND: 404,
  API_KEY_NOT_FOUND: 404,
  JOB_NOT_FOUND: 404,
  DOCUMENT_NOT_FOUND: 404,
  NOTIFICATION_NOT_FOUND: 404,
  WEBHOOK_NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  GROUP_EMPTY: 409,
  DOCUMENT_EXISTS: 409,
  JOB_FINISHED: 409,
  GROUP_CANCELLED: 409,
  NOTHING_TO_RETRY: 409,
  NOTHING_TO_CANCEL: 409,
  LEASE_LOST: 409,
  IDEMPOTENCY_KEY_REUSED: 409,
  PRECONDITION_FAILED: 412,
  BODY_TOO_LARGE: 413,
  RANGE_NOT_SATISFIABLE: 416,
  UNSUPPORTED_MEDIA_TYPE: 415,
};

/** Holds against an answer what every refusal promises, and that it tells nothing of the server's inside. */
export function expectRefusal({ status, headers, body }: Answer, code: string = body.code): void {
  expect({ code: body.code, status }).toEqual({ code, status: STATUSES[code] });
  expect(headers.get("content-type")).toBe("application/problem+json");
  expect(body).toMatchObject({ success: false, status, error: body.detail });
  expect(body.requestId).toBe(headers.get("x-request-id"));
  expect(body.errors.length > 0).toBe(code === "VALIDATION_FAILED");
  expect(headers.has("allow")).toBe(status === 405);
  expect(headers.has("www-authenticate")).toBe(status === 401);
  expect(JSON.stringify(body)).not.toMatch(/SQL|D1_|stack|at Object/);
  expect(JSON.stringify(body)).not.toContain(env.ROOT_API_KEY);
}

const TABLES = [
  "job_group",
  "job",
  "receipt",
  "api_key",
  "delivery",
  "webhook",
  "document_removal",
];

/** All that is stored. */
export async function dump(): Promise<unknown> {
  const rows = TABLES.map((table) => database.prepare(`SELECT * FROM ${table}`));
  const [answers, documents] = await Promise.all([database.batch(rows), storedObjects()]);
  return [...answers.map(({ results }) => results), documents];
}

/** The names of all objects in the bucket. */
export async function storedObjects(): Promise<string[]> {
  const { objects } = await env.DOCUMENTS.list();
  return objects.map(({ key }) => key);
}
