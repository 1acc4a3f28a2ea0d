import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import { execute } from "../../src/coordinator/stub.ts";
import { SCOPES } from "../../src/domain/api-key.ts";
import { everyOperation } from "../bench/operations.ts";
import { BASE, call, claim, data, newGroup } from "../support/workers/api.ts";

const WORKSPACE = "one-of-many";
const { key } = await data("POST", "/api-key", { name: "T", scopes: SCOPES, workspace: WORKSPACE });

/** The statements that need no workspace: the first finds the caller's, the second asks for no row. */
const WITHOUT = [
  /from "api_key" where "api_key"."hash" = \?/,
  /^DELETE FROM receipt WHERE \(workspace, /,
];

/** Keeps every statement that is bound from now on, with its values. */
function statements() {
  const bound: { text: string; values: unknown[] }[] = [];
  const prototype = Object.getPrototypeOf(env.DB.prepare("SELECT 1")) as D1PreparedStatement;
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

const send = async (method: string, path: string, body?: object, headers = {}) => {
  const answer = await call(method, path, { key, headers, ...(body && { body }) });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300);
  return answer.body.data;
};

afterEach(() => {
  vi.restoreAllMocks();
});

test("every statement names the caller's workspace", async () => {
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
  for (const path of ["/rotate-secret", "/ping"]) {
    await send("POST", `/webhook/${webhook.webhookId}${path}`);
  }
  await send("GET", "/webhook");
  await send("DELETE", `/webhook/${webhook.webhookId}`);
  await send("GET", "/api-key");
  const unbound = bound.filter(
    ({ text, values }) =>
      !values.includes(WORKSPACE) && !WITHOUT.some((pattern) => pattern.test(text)),
  );
  expect(unbound).toEqual([]);
  expect(bound.length).toBeGreaterThan(100);
});

test("a command under another workspace finds no group, and leaves the group's alarm", async () => {
  const groupId = await newGroup(1);
  await claim(groupId, 1);
  const stub = env.GROUP_COORDINATOR.getByName(groupId);
  const alarm = () => runInDurableObject(stub, (_, { storage }) => storage.getAlarm());
  const before = await alarm();
  await evictDurableObject(stub);
  const foreign = { groupId, workspace: WORKSPACE, command: { kind: "cancel" } } as const;
  expect(await execute(env, foreign)).toMatchObject({ refusal: { code: "GROUP_NOT_FOUND" } });
  expect(before).not.toBeNull();
  expect(await alarm()).toBe(before);
});
