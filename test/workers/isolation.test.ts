import { listDurableObjectIds } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { SCOPES } from "../../src/domain/api-key.ts";
import { valid } from "../support/workers/arbitraries.ts";
import { BASE, call, claim, data, type Json, newGroup } from "../support/workers/api.ts";
import { dump } from "../support/workers/refusals.ts";
import { filesFor } from "../support/workers/requests.ts";
import { operations } from "../support/workers/spec.ts";

const mint = (workspace: string) =>
  data("POST", "/api-key", { name: "Test", scopes: SCOPES, workspace });
const GROUP = await newGroup(3);
const [LEASE] = await claim(GROUP, 1);
const DELETED = await newGroup(1);
await call("DELETE", `${BASE}/${DELETED}`);
const { id: KEY } = await mint("theirs");
const { webhookId: WEBHOOK } = await data("POST", "/webhook", { url: "https://a.example/hook" });
const { key } = await mint("ours");
const OURS = (await call("POST", BASE, { key, body: { name: "Ours", template: "t" } })).body.data
  ._id;
await call("GET", BASE, { key });
// The first command to a group makes its object.
await call("POST", `${BASE}/${OURS}/process`, { key });

/** The ids of another workspace, by the first segment of the path that leads to them. */
const FOREIGN: Record<string, string> = {
  "ocr-invoice-job-group": GROUP,
  "api-key": KEY,
  webhook: WEBHOOK,
};
const IDS = {
  foreign: (kind: string) => FOREIGN[kind] ?? `no ${kind}`,
  "foreign in capitals": (kind: string) => (FOREIGN[kind] ?? "").toUpperCase(),
  deleted: () => DELETED,
  malformed: () => "'%20OR%20'1'='1",
  short: () => "a",
};

const withId = operations.filter(({ path }) => path.includes("{"));

const objects = async () => (await listDurableObjectIds(env.GROUP_COORDINATOR)).map(String);
const state = async () => ({ rows: await dump(), objects: await objects() });

/** The answer to a valid request about this id, without the fields that name the request. */
async function answer({ method, path, operation }: (typeof operations)[number], id: string) {
  const schema = operation.requestBody?.content["application/json"]?.schema;
  const [body] = schema ? fc.sample(valid(schema), { numRuns: 1, seed: 1 }) : [undefined];
  const leased = (body as Json)?.leaseId === undefined ? {} : { leaseId: LEASE.leaseId };
  const target = path
    .replace("{jobId}", LEASE.jobId)
    .replace(/\{\w+\}/, id)
    .replace(/\{\w+\}/, "0");
  const sent = body === undefined ? {} : { body: { ...(body as object), ...leased } };
  const raw = filesFor(operation);
  const { status, body: problem } = await call(method, target, {
    key,
    ...sent,
    ...(raw && { raw }),
  });
  const { instance, requestId, ...told } = problem;
  expect(instance).toBe(new URL(target, "http://localhost").pathname);
  expect(requestId).toBeTruthy();
  return { status, told };
}

describe("what another workspace has is what does not exist", () => {
  let before: Json;
  beforeAll(async () => {
    before = await state();
  });

  test.each(withId)("to $method $path", async (each) => {
    const unknown = await answer(each, "0".repeat(24));
    expect(unknown).toMatchObject({
      status: 404,
      told: { code: expect.stringMatching(/_NOT_FOUND$/) },
    });
    const kind = each.path.split("/")[1] ?? "";
    expect(FOREIGN).toHaveProperty(kind);
    for (const [which, idOf] of Object.entries(IDS)) {
      expect(await answer(each, idOf(kind)), which).toEqual(unknown);
    }
  });

  test.each(withId.filter(({ path }) => path.includes("{jobId}")))(
    "nor is its job one of ours to $method $path",
    async (each) => {
      const { told } = await answer(each, OURS);
      expect(told.code).toBe("JOB_NOT_FOUND");
    },
  );

  test("so nothing has changed, and no object has come into being", async () => {
    expect(await state()).toEqual(before);
    expect(before.objects.length).toBeGreaterThan(0);
  });
});

test("lists, claims and idempotency keys are of one workspace", async () => {
  const { key: other } = await mint("others");
  const headers = { "idempotency-key": "same" };
  const create = (key: string, name: string) =>
    call("POST", BASE, { key, headers, body: { name, template: "t" } });
  const [mine, yours] = [await create(key, "Mine"), await create(other, "Yours")];
  expect([mine.status, yours.status]).toEqual([201, 201]);
  expect(mine.body.data._id).not.toBe(yours.body.data._id);
  const list = await call("GET", BASE, { key: other });
  expect(list.body).toMatchObject({ total: 1, data: [{ name: "Yours" }] });
  const body = { workerId: "w", maxJobs: 10 };
  const claimed = await call("POST", `${BASE}/jobs/claim`, { key: other, body });
  expect(claimed.body).toMatchObject({ data: [], reason: "nothing_queued" });
});
