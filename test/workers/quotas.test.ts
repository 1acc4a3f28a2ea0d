import { expect, test } from "vitest";
import { inParallel } from "../../src/lib/in-parallel.ts";
import { fileOf, formOf } from "../support/files.ts";
import { BASE, call, data } from "../support/workers/api.ts";

const GROUP = { name: "Quota", template: "t" };

/** A key of a new workspace. */
async function keyOf(workspace: string): Promise<string> {
  const scopes = ["groups:read", "groups:write", "keys:admin"];
  return (await data("POST", "/api-key", { name: "Test", workspace, scopes })).key;
}

/** Makes so many at once, and returns the codes of those refused. */
async function make(path: string, body: object, count: number, key: string, bindings: object) {
  const codes: string[] = [];
  await inParallel(Array.from({ length: count }), 8, async () => {
    const answer = await call("POST", path, { body, key, bindings });
    if (answer.status !== 201) codes.push(`${answer.status} ${answer.body.code}`);
  });
  return codes;
}

test.each([
  ["groups", BASE, GROUP, { MAX_GROUPS: "3" }, "409 GROUP_LIMIT", 3],
  // The key that makes them counts too.
  [
    "keys",
    "/api-key",
    { name: "k", scopes: ["groups:read"] },
    { MAX_API_KEYS: "4" },
    "409 API_KEY_LIMIT",
    3,
  ],
  [
    "webhooks",
    "/webhook",
    { url: "https://example.com/", events: ["job_group.completed"] },
    { MAX_WEBHOOKS: "3" },
    "409 WEBHOOK_LIMIT",
    3,
  ],
] as const)(
  "of callers at once only so many get %s",
  async (name, path, body, bindings, code, most) => {
    const key = await keyOf(`quota-${name}`);
    const refused = await make(path, body, 8, key, bindings);
    expect(refused).toEqual(Array.from({ length: 8 - most }, () => code));
    expect(await make(path, body, 1, key, {})).toEqual([]);
  },
);

test("a repeat of a creation under its Idempotency-Key is answered when the workspace is full", async () => {
  const key = await keyOf("quota-repeat");
  const headers = { "Idempotency-Key": "once" };
  const create = () =>
    call("POST", BASE, { body: GROUP, key, headers, bindings: { MAX_GROUPS: "1" } });
  const first = await create();
  const again = await create();
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body.data).toEqual(first.body.data);
});

test("a revoked key and a deleted group make room", async () => {
  const key = await keyOf("quota-room");
  const bindings = { MAX_GROUPS: "1", MAX_API_KEYS: "2" };
  const group = await call("POST", BASE, { body: GROUP, key, bindings });
  const other = await call("POST", "/api-key", {
    body: { name: "k", scopes: ["groups:read"] },
    key,
    bindings,
  });
  await call("DELETE", `${BASE}/${group.body.data._id}`, { key });
  await call("DELETE", `/api-key/${other.body.data.id}`, { key });
  expect(await make(BASE, GROUP, 1, key, bindings)).toEqual([]);
  expect(await make("/api-key", { name: "k", scopes: ["groups:read"] }, 1, key, bindings)).toEqual(
    [],
  );
});

const FILE_BYTES = 1_000;
const upload = (group: string, key: string, bindings: object, files: number, headers = {}) =>
  call("POST", `${BASE}/${group}/documents`, {
    key,
    bindings,
    headers,
    raw: formOf(
      Array.from({ length: files }, (_, nth) => ({
        name: `${nth}.pdf`,
        bytes: fileOf("pdf", FILE_BYTES, nth),
      })),
    ),
  });

test("of uploads at once to several groups only so many bytes are stored, and what is refused leaves nothing", async () => {
  const key = await keyOf("quota-bytes");
  const bindings = { MAX_STORED_BYTES: String(5 * FILE_BYTES) };
  const groups: string[] = [];
  for (let count = 0; count < 3; count++) {
    groups.push((await call("POST", BASE, { body: GROUP, key })).body.data._id);
  }
  const answers = await Promise.all(
    groups.flatMap((group) => [
      upload(group, key, bindings, 1),
      upload(group, key, bindings, 1),
      upload(group, key, bindings, 1),
    ]),
  );
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused.map(({ status, body }) => `${status} ${body.code}`)).toEqual(
    Array.from({ length: 4 }, () => "409 STORAGE_LIMIT"),
  );
  const totals = await Promise.all(
    groups.map(
      async (group) => (await call("GET", `${BASE}/${group}`, { key })).body.data.totalJobs,
    ),
  );
  expect(totals.reduce((sum, jobs) => sum + jobs, 0)).toBe(5);
  const other = await keyOf("quota-bytes-of-another");
  const theirs = (await call("POST", BASE, { body: GROUP, key: other })).body.data._id;
  expect((await upload(theirs, other, bindings, 5)).status).toBe(201);
});

test("deleted documents make room, and a repeat of an upload is answered when there is none", async () => {
  const key = await keyOf("quota-bytes-room");
  const bindings = { MAX_STORED_BYTES: String(2 * FILE_BYTES) };
  const make = async () => (await call("POST", BASE, { body: GROUP, key })).body.data._id;
  const [first, second] = [await make(), await make()];
  const headers = { "Idempotency-Key": "once" };
  const full = await upload(first, key, bindings, 2, headers);
  expect(full.status).toBe(201);
  expect((await upload(second, key, bindings, 1)).body.code).toBe("STORAGE_LIMIT");
  const again = await upload(first, key, bindings, 2, headers);
  expect([again.status, again.body.data]).toEqual([201, full.body.data]);
  const waiting = await call("POST", `${BASE}/${second}/jobs`, {
    key,
    bindings,
    body: { jobs: [{ documentName: "a.pdf" }] },
  });
  const { jobId } = waiting.body.data.jobs[0];
  const put = () =>
    call("PUT", `${BASE}/${second}/jobs/${jobId}/document`, { key, bindings, raw: fileOf("pdf") });
  expect((await put()).body.code).toBe("STORAGE_LIMIT");
  await call("DELETE", `${BASE}/${first}`, { key });
  expect((await put()).status).toBe(200);
});
