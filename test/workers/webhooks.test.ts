import { Webhook } from "standardwebhooks";
import { afterEach, expect, test, vi } from "vitest";
import { call, data, type Json } from "../support/workers/api.ts";
import { schemaFault, spec } from "../support/workers/spec.ts";
import { database } from "../support/workers/database.ts";

const URL = "https://hooks.example.com/invoices";
const subscribe = (fields: object = {}): Promise<Json> =>
  data("POST", "/webhook", { url: URL, ...fields });

afterEach(async () => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  await database.exec("DELETE FROM webhook");
});

function receiver(answer: () => Response | Promise<Response>) {
  return vi.spyOn(globalThis, "fetch").mockImplementation(async () => answer());
}
const sentTo = (fetch: ReturnType<typeof receiver>, nth: number) => {
  const [, init] = fetch.mock.calls[nth] ?? [];
  return { text: init?.body as string, headers: init?.headers as Record<string, string> };
};

test("a secret is shown when it is made, and never again", async () => {
  const { secret, ...shown } = await subscribe();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  const { body } = await call("GET", "/webhook");
  expect(body).toMatchObject({ total: 1, data: [shown] });
  expect(body.data[0]).toEqual(shown);
});

test("a ping is signed, and answers what came of it", async () => {
  const webhook = await subscribe();
  const ping = () => data("POST", `/webhook/${webhook.webhookId}/ping`);
  const fetch = receiver(() => new Response("much ado", { status: 200 }));
  expect(await ping()).toEqual({ delivered: true });
  const { text, headers } = sentTo(fetch, 0);
  const event = new Webhook(webhook.secret).verify(text, headers);
  expect(event).toMatchObject({ type: "ping", data: { webhookId: webhook.webhookId } });
  expect(schemaFault("PingEvent", event)).toBeNull();
  fetch.mockImplementation(async () => new Response(null, { status: 404 }));
  expect(await ping()).toEqual({ delivered: false, error: "the receiver answered 404" });
  fetch.mockRejectedValue(new DOMException("late", "TimeoutError"));
  expect(await ping()).toEqual({ delivered: false, error: "no answer within 15 seconds" });
});

test("after a rotation both secrets verify for 24 hours, then the new one alone", async () => {
  vi.useFakeTimers({ toFake: ["Date"] });
  const first = await subscribe();
  const path = `/webhook/${first.webhookId}`;
  const second = await data("POST", `${path}/rotate-secret`);
  const fetch = receiver(() => new Response());
  await data("POST", `${path}/ping`);
  const both = sentTo(fetch, 0);
  for (const { secret } of [first, second]) {
    expect(new Webhook(secret).verify(both.text, both.headers)).toMatchObject({ type: "ping" });
  }
  vi.setSystemTime(Date.parse(second.previousSecretUntil));
  await data("POST", `${path}/ping`);
  const one = sentTo(fetch, 1);
  expect(() => new Webhook(first.secret).verify(one.text, one.headers)).toThrow(
    "No matching signature",
  );
  expect(new Webhook(second.secret).verify(one.text, one.headers)).toMatchObject({ type: "ping" });
});

test("a workspace has at most ten, however many are created at once", async () => {
  const answers = await Promise.all(
    Array.from({ length: 12 }, () => call("POST", "/webhook", { body: { url: URL } })),
  );
  const codes = answers.map(({ status, body }) => body.code ?? status);
  expect(codes.filter((code) => code === 201)).toHaveLength(10);
  expect(codes.filter((code) => code === "WEBHOOK_LIMIT")).toHaveLength(2);
  const { webhookId } = answers.find(({ status }) => status === 201)?.body.data ?? {};
  expect(await call("DELETE", `/webhook/${webhookId}`)).toMatchObject({ status: 200 });
  expect(await call("DELETE", `/webhook/${webhookId}`)).toMatchObject({ status: 404 });
  expect(await subscribe()).toMatchObject({ url: URL });
});

test("another workspace's webhook is not there", async () => {
  const { webhookId } = await subscribe();
  const fields = { name: "other", scopes: ["groups:read", "groups:write"], workspace: "elsewhere" };
  const { key } = await data("POST", "/api-key", fields);
  const { body } = await call("GET", "/webhook", { key });
  expect(body.data).toEqual([]);
  for (const [method, path] of [
    ["DELETE", ""],
    ["POST", "/ping"],
    ["POST", "/rotate-secret"],
  ] as const) {
    const answer = await call(method, `/webhook/${webhookId}${path}`, { key });
    expect(answer.body.code).toBe("WEBHOOK_NOT_FOUND");
  }
});

test("http://localhost is called only where the configuration lets it", async () => {
  const body = { url: "http://localhost:8123/hook" };
  const refused = await call("POST", "/webhook", { body });
  expect(refused.body).toMatchObject({ code: "VALIDATION_FAILED", errors: [{ pointer: "/url" }] });
  const bindings = { WEBHOOKS_TO_LOCALHOST: "true" };
  const { webhookId } = (await call("POST", "/webhook", { body, bindings })).body.data;
  const fetch = receiver(() => new Response());
  const ping = (options: object) => call("POST", `/webhook/${webhookId}/ping`, options);
  expect((await ping({ bindings })).body.data).toEqual({ delivered: true });
  expect((await ping({})).body.data).toMatchObject({ delivered: false });
  expect(fetch).toHaveBeenCalledTimes(1);
});

test("the spec describes every event that is sent", () => {
  const groups = ["completed", "failed", "cancelled", "paused"].map((how) => `job_group.${how}`);
  expect(Object.keys(spec.webhooks)).toEqual(["job.completed", "job.failed", ...groups, "ping"]);
});
