import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { execute } from "../../src/coordinator/stub.ts";
import { SCOPES } from "../../src/domain/api-key.ts";
import { everyOperation } from "../bench/operations.ts";
import { BASE, call, claim, data, newGroup } from "../support/workers/api.ts";
import { fileOf, formOf } from "../support/files.ts";
import { operationOf, operations } from "../support/workers/spec.ts";
import { database, SHARD } from "../support/workers/database.ts";

const WORKSPACE = "one-of-many";
const { key } = await data("POST", "/api-key", { name: "T", scopes: SCOPES, workspace: WORKSPACE });

/** Finds the caller's workspace; prunes expired receipts of any workspace; asks for no row of a table. */
const WITHOUT = [
  /from "api_key" .* where "api_key"."hash" = \?/,
  /^DELETE FROM receipt WHERE \(workspace, /,
  /^SELECT CASE WHEN changes\(\) = \? THEN/,
];

/** Keeps every statement that is bound from now on, with its values. */
function statements() {
  const bound: { text: string; values: unknown[] }[] = [];
  const prototype = Object.getPrototypeOf(database.prepare("SELECT 1")) as D1PreparedStatement;
  // oxlint-disable-next-line typescript/unbound-method -- called with what it is called on
  const { bind } = prototype;
  vi.spyOn(prototype, "bind").mockImplementation(function (
    this: D1PreparedStatement & { readonly statement: string },
    ...values
  ) {
    bound.push({ text: this.statement, values });
    return bind.apply(this, values);
  });
  return bound;
}

const called = new Set<string | undefined>();

const send = async (method: string, path: string, body?: object, headers = {}) => {
  const answer = await call(method, path, { key, headers, ...(body && { body }) });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  called.add(operationOf(method, path.replace(/\?.*/, ""))?.operationId);
  return answer.body?.data;
};

afterEach(() => {
  vi.restoreAllMocks();
});

/** A group in all that can be read of it, claimed from in every way, paused, retried by choice and watched. */
async function watchedGroup(): Promise<void> {
  const input = { name: "B", template: "t", tags: ["x"], processingSettings: { retryCount: 0 } };
  const { _id } = await send("POST", BASE, input);
  const path = `${BASE}/${_id}`;
  await send("POST", `${path}/jobs`, {
    jobs: [{ documentName: "1.pdf" }, { documentName: "2.pdf" }],
  });
  await send("POST", `${path}/process`);
  const beating = { workerId: "w", maxJobs: 1, heartbeatSeconds: 60 };
  const [first] = await send("POST", `${BASE}/jobs/claim`, {
    ...beating,
    templates: ["t"],
    tags: ["x"],
  });
  const [second] = await send("POST", `${path}/jobs/claim`, beating);
  const patient = { ...beating, waitSeconds: 1 };
  await send("POST", `${path}/jobs/claim`, patient);
  await send("POST", `${BASE}/jobs/claim`, { ...patient, templates: ["t"] });
  const leases = [first, second].map(({ jobId, leaseId }) => ({ groupId: _id, jobId, leaseId }));
  await send("POST", `${BASE}/jobs/heartbeat`, { leases });
  for (const { jobId, leaseId } of leases) {
    const failure = { leaseId, error: "blurred", errorCode: "blurred", retryable: false };
    await send("POST", `${path}/jobs/${jobId}/fail`, failure);
  }
  await send("GET", `${path}/errors`);
  await send("GET", `${path}/results`);
  await send("GET", `${BASE}/jobs?jobNumber=1`);
  await send("DELETE", `${path}/jobs/${first.jobId}`);
  const choice = { errorCodes: ["blurred"], jobIds: [second.jobId] };
  for (const dryRun of [true, false]) await send("POST", `${path}/retry`, { ...choice, dryRun });
  await send("POST", `${path}/pause`, {});
  await send("POST", `${path}/resume`);
  await send("GET", `${path}/verify`);
  await send("GET", "/metrics");
  await send("POST", `${path}/cancel`, { jobIds: [second.jobId] });
  await send("GET", `${path}/events`);
}

/** Documents stored, read and removed. */
async function files(): Promise<void> {
  const file = fileOf("pdf", 100);
  const upload = async (method: string, to: string, raw: BodyInit) => {
    const { status, body } = await call(method, to, { key, raw });
    expect(status, JSON.stringify(body)).toBeLessThan(300);
    called.add(operationOf(method, to)?.operationId);
    return body.data;
  };
  const { _id } = await send("POST", BASE, { name: "C", template: "t" });
  const path = `${BASE}/${_id}`;
  const added = await upload("POST", `${path}/documents`, formOf([{ name: "a.pdf", bytes: file }]));
  await send("GET", `${path}/jobs/${added.jobs[0].jobId}/document`);
  const { jobs } = await send("POST", `${path}/jobs`, { jobs: [{ documentName: "b" }] });
  await upload("PUT", `${path}/jobs/${jobs[0].jobId}/document`, file);
  await send("POST", `${path}/cancel`);
  await send("DELETE", `${path}/jobs/${jobs[0].jobId}`);
  await send("DELETE", path);
}

/** Everything that is done with keys, by a key that is not the root key. */
async function keys(): Promise<void> {
  await send("GET", "/api-key/current");
  const { id } = await send("POST", "/api-key", { name: "Another", scopes: ["groups:read"] });
  await send("GET", "/api-key");
  await send("DELETE", `/api-key/${id}`);
}

test("every statement names the caller's workspace, in every operation", async () => {
  vi.spyOn(globalThis, "fetch").mockImplementation(async () => new Response(null, { status: 500 }));
  const bound = statements();
  const webhook = await send("POST", "/webhook", { url: "https://a.example/hook" });
  await everyOperation(
    (method, path, body) => send(method, BASE + path, body),
    () => undefined,
  );
  const headers = { "idempotency-key": "once" };
  const input = { name: "A", template: "t", notifications: { recipients: ["a@example.com"] } };
  const { _id: group } = await send("POST", BASE, input, headers);
  await send("POST", `${BASE}/${group}/cancel`);
  const notices = () => send("GET", `${BASE}/${group}/notifications`);
  await expect.poll(notices).toMatchObject([{ attempts: 1, lastError: expect.any(String) }]);
  const [{ notificationId }] = await notices();
  await send("POST", `${BASE}/${group}/notifications/${notificationId}/redeliver`);
  await expect.poll(notices).toMatchObject([{ attempts: 1, status: "pending" }]);
  await send("POST", `${BASE}/jobs/claim`, { workerId: "w", maxJobs: 1 }, headers);
  await send("DELETE", `${BASE}/${group}`);
  await watchedGroup();
  await files();
  for (const path of ["/rotate-secret", "/ping"]) {
    await send("POST", `/webhook/${webhook.webhookId}${path}`);
  }
  await send("GET", "/webhook");
  await send("DELETE", `/webhook/${webhook.webhookId}`);
  await keys();
  const unbound = bound.filter(
    ({ text, values }) =>
      !values.includes(WORKSPACE) && !WITHOUT.some((pattern) => pattern.test(text)),
  );
  expect(unbound).toEqual([]);
  expect(bound.length).toBeGreaterThan(100);
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set([...called, "getReadiness"])).toEqual(new Set(ids));
});

test("a command under another workspace finds no group, and leaves the group's alarm", async () => {
  const groupId = await newGroup(1);
  await claim(groupId, 1);
  const stub = env.GROUP_COORDINATOR.getByName(groupId);
  const alarm = () => runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
  const before = await alarm();
  await evictDurableObject(stub);
  const foreign = {
    groupId,
    workspace: WORKSPACE,
    shard: SHARD,
    command: { kind: "cancel" },
  } as const;
  expect(await execute(env, foreign)).toMatchObject({ refusal: { code: "GROUP_NOT_FOUND" } });
  expect(before).not.toBeNull();
  expect(await alarm()).toBe(before);
});
