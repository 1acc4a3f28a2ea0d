import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import app from "../../../src/index.ts";
import { type Answer, BASE, Client, type Json, type Options } from "../client.ts";
import { type Operation, operationOf, specFault } from "./spec.ts";
import { database } from "./database.ts";

export { BASE } from "../client.ts";
export type { Answer, Json, Options } from "../client.ts";

/** Tests call as fast as they can: what limits them is bound only where it is tested. */
export const SERVER = {
  ...env,
  RATE_LIMITER: undefined,
  STRANGER_LIMITER: undefined,
  WORKSPACE_LIMITER: undefined,
};

function expectAsDeclared(operation: Operation | undefined, answer: Answer): void {
  if (operation !== undefined) expect(specFault(operation, answer)).toBeNull();
  expect(answer.headers.get("x-request-id")).toBeTruthy();
}

/** Calls the app itself, and fails the test when an answer is not what the spec declares. */
class CheckedClient extends Client {
  /** `bindings` go before the server's. The pool's entry is left out: it gets slower with every call. */
  constructor(bindings: object = {}) {
    super("http://localhost", env.ROOT_API_KEY, async (request) =>
      app.fetch(request, { ...SERVER, ...bindings }, createExecutionContext()),
    );
  }

  override async call(method: string, path: string, options: Options = {}): Promise<Answer> {
    const answer = await super.call(method, path, options);
    expectAsDeclared(operationOf(method, new URL(path, this.url).pathname), answer);
    return answer;
  }
}

const api = new CheckedClient();

/** The answer itself, of which the caller reads as much as it likes. */
export async function open(path: string, method = "GET"): Promise<Response> {
  const headers = { "api-key": env.ROOT_API_KEY };
  const request = new Request(`http://localhost${path}`, { method, headers });
  return app.fetch(request, SERVER, createExecutionContext());
}

export const call = (
  method: string,
  path: string,
  { bindings, ...options }: Options & { bindings?: object } = {},
): Promise<Answer> =>
  (bindings === undefined ? api : new CheckedClient(bindings)).call(method, path, options);
export const data: Client["data"] = (...request) => api.data(...request);
export const newGroup: Client["newGroup"] = (...group) => api.newGroup(...group);
export const claim: Client["claim"] = (...request) => api.claim(...request);

export const settle = (
  group: string,
  lease: Json,
  how: "complete" | "fail" | "release",
  fields: object = {},
): Promise<Answer> =>
  call("POST", `${BASE}/${group}/jobs/${lease.jobId}/${how}`, {
    body: { leaseId: lease.leaseId, ...fields },
  });

/** Counts the job rows by state, sums their costs, and holds both against the group. */
export async function expectCountersToBeExact(group: string): Promise<Json> {
  const { results } = await database
    .prepare(
      "SELECT status, count(*) AS n, sum(cost_micros) AS cost FROM job WHERE group_id = ? GROUP BY status",
    )
    .bind(group)
    .all<{ status: string; n: number; cost: number | null }>();
  const rows = Object.fromEntries(results.map(({ status, n }) => [status, n]));
  const { queued = 0, processing = 0, completed = 0, failed = 0, cancelled = 0 } = rows;
  const costMicros = results.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  const answer = await data("GET", `${BASE}/${group}`);
  expect(answer).toMatchObject({
    statistics: { totalCost: costMicros / 1_000_000 },
    totalJobs: queued + processing + completed + failed + cancelled,
    pendingJobs: queued + processing,
    processingJobs: processing,
    completedJobs: completed,
    failedJobs: failed,
    cancelledJobs: cancelled,
  });
  return answer;
}
