import { env } from "cloudflare:workers";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BASE, call, claim, data, type Json, newGroup } from "../support/workers/api.ts";

const logged: Json[] = [];
beforeEach(() => {
  logged.length = 0;
  vi.spyOn(console, "log").mockImplementation((line: string) => void logged.push(JSON.parse(line)));
});
afterEach(() => vi.restoreAllMocks());

const lines = (log: string) => logged.filter((line) => line.log === log);
const bindings = { ACCESS_LOG: "true" };
const UNKNOWN = "0".repeat(24);

test("each request is one line: operation, workspace, key, status and duration", async () => {
  const { id, key } = await data("POST", "/api-key", {
    name: "Scanner",
    workspace: "logs",
    scopes: ["groups:read"],
  });
  const requests = [
    ["GET", `${BASE}/${UNKNOWN}`, 404, "getJobGroup"],
    ["GET", `${BASE}?limit=1`, 200, "listJobGroups"],
    ["HEAD", BASE, 200, "listJobGroups"],
    ["POST", BASE, 403, "createJobGroup"],
    ["GET", "/health", 200, "GET /health"],
    ["GET", "/health/ready", 200, "getReadiness"],
  ] as const;
  for (const [method, path] of requests) await call(method, path, { key, bindings });
  const keyed = { workspace: "logs", keyId: id };
  expect(lines("access")).toEqual(
    requests.map(([, path, status, operation]) => ({
      log: "access",
      operation,
      ...(path.startsWith("/health") ? {} : keyed),
      status,
      durationMs: expect.any(Number),
      requestId: expect.any(String),
    })),
  );
});

test("a line of the log tells no key, no query and no id of the caller's", async () => {
  const secret = "not-a-key-but-perhaps-a-password";
  for (const path of [`${BASE}?search=${secret}`, `${BASE}/${secret}`, `/${secret}`]) {
    await call("GET", path, { key: secret, bindings });
  }
  expect(lines("access").map(({ status }) => status)).toEqual([401, 401, 404]);
  expect(JSON.stringify(logged)).not.toContain(secret);
  expect(JSON.stringify(logged)).not.toContain(env.ROOT_API_KEY);
});

test("without ACCESS_LOG no request is logged", async () => {
  await call("GET", BASE);
  expect(lines("access")).toEqual([]);
});

test("who deletes or changes a key is logged: who, what and when", async () => {
  const group = await newGroup(1);
  const [lease] = await claim(group, 1);
  await call("POST", `${BASE}/${group}/jobs/${lease.jobId}/complete`, {
    body: { leaseId: lease.leaseId },
  });
  const webhook = { url: "https://hooks.example.com", events: ["job_group.completed"] };
  const { webhookId } = await data("POST", "/webhook", webhook);
  const wanted = { name: "Audited", workspace: "elsewhere", scopes: ["groups:read"] };
  const { id, key } = await data("POST", "/api-key", wanted);
  const { secret } = await data("POST", `/webhook/${webhookId}/rotate-secret`);
  for (const path of [
    `${BASE}/${group}/jobs/${lease.jobId}`,
    `${BASE}/${group}`,
    `/webhook/${webhookId}`,
    `/api-key/${id}`,
  ]) {
    expect((await call("DELETE", path)).status).toBe(200);
  }
  const done = (operation: string, target: object) => ({
    log: "audit",
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    operation,
    workspace: "default",
    keyId: "root",
    keyName: "Root key",
    target,
    requestId: expect.any(String),
  });
  expect(lines("audit")).toEqual([
    done("createApiKey", { apiKeyId: id, workspace: "elsewhere", scopes: ["groups:read"] }),
    done("rotateWebhookSecret", { webhookId }),
    done("deleteJob", { groupId: group, jobId: lease.jobId }),
    done("deleteJobGroup", { groupId: group }),
    done("deleteWebhook", { webhookId }),
    done("revokeApiKey", { apiKeyId: id }),
  ]);
  for (const hidden of [key, secret]) expect(JSON.stringify(logged)).not.toContain(hidden);
});

test("what was refused is not audited", async () => {
  await call("DELETE", `${BASE}/${UNKNOWN}`);
  await call("DELETE", `/api-key/${UNKNOWN}`);
  expect(lines("audit")).toEqual([]);
});
