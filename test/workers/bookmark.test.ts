import { afterEach, expect, test, vi } from "vitest";
import { BASE, call, claim, newGroup, settle } from "../support/workers/api.ts";
import { database, SHARD } from "../support/workers/database.ts";

afterEach(() => vi.restoreAllMocks());

const NAME = "x-d1-bookmark";
const FORM = SHARD === 0 ? /^[0-9a-f-]{59}$/ : /^[0-9a-f-]{59}@1$/;
const reads = (group: string, job: string) => [
  BASE,
  `${BASE}/${group}`,
  `${BASE}/${group}/jobs`,
  `${BASE}/${group}/jobs/${job}`,
  `${BASE}/${group}/notifications`,
  // The keys lie in the first database. A caller who lives elsewhere has bookmarks of another one.
  ...(SHARD === 0 ? ["/api-key"] : []),
  "/webhook",
];
/** The sessions that the calls of `act` begin. */
async function sessionsOf(act: () => Promise<unknown>) {
  const begin = vi.spyOn(Object.getPrototypeOf(database) as D1Database, "withSession");
  await act();
  const constraints = begin.mock.calls.map(([constraint]) => constraint);
  begin.mockRestore();
  return constraints;
}

test("a write answers where its commit stands, and a read with it begins there", async () => {
  const group = await newGroup(2);
  const leases = await claim(group, 1);
  const written = await settle(group, leases[0], "complete");
  const bookmark = written.headers.get(NAME) ?? "";
  expect(bookmark).toMatch(FORM);
  for (const path of reads(group, leases[0].jobId)) {
    const began = await sessionsOf(async () => {
      const { status, headers } = await call("GET", path, { headers: { [NAME]: bookmark } });
      expect(status).toBe(200);
      expect(headers.get(NAME)).toMatch(FORM);
      expect((headers.get(NAME) ?? "") >= bookmark).toBe(true);
    });
    expect(began).toEqual([bookmark.slice(0, 59)]);
    expect(await sessionsOf(() => call("GET", path))).toEqual(["first-primary"]);
  }
});

test("where replicas may answer, a list without a bookmark goes to the nearest, and all else to the primary", async () => {
  const group = await newGroup(1);
  const [{ jobId }] = await claim(group, 1);
  const bindings = { READ_REPLICAS: "true" };
  const begun = (path: string) => sessionsOf(() => call("GET", path, { bindings }));
  const lists = [BASE, `${BASE}/jobs?jobNumber=1`];
  for (const part of ["jobs", "errors", "notifications", "results"])
    lists.push(`${BASE}/${group}/${part}`);
  for (const path of lists) expect(await begun(path), path).toEqual(["first-unconstrained"]);
  for (const path of [`${BASE}/${group}`, `${BASE}/${group}/jobs/${jobId}`, "/webhook"]) {
    expect(await begun(path), path).toEqual(["first-primary"]);
  }
});

test("each write answers a later bookmark than the one before", async () => {
  const input = { name: "Test", template: "t-1" };
  const created = await call("POST", BASE, { body: input });
  const path = `${BASE}/${created.body.data._id}`;
  const answers = [
    created,
    await call("POST", `${path}/jobs`, { body: { jobs: [{ documentName: "a" }] } }),
    await call("POST", `${path}/process`),
    await call("POST", `${BASE}/jobs/claim`, { body: { workerId: "w", maxJobs: 1 } }),
    await call("PUT", path, { body: input }),
    await call("DELETE", path),
    await call("POST", "/webhook", { body: { url: "https://example.com" } }),
    ...(SHARD === 0
      ? [await call("POST", "/api-key", { body: { name: "Test", scopes: ["groups:read"] } })]
      : []),
  ];
  const bookmarks = answers.map(({ headers }) => headers.get(NAME) ?? "");
  expect(bookmarks).toEqual([...new Set(bookmarks)].toSorted());
  expect(bookmarks).not.toContain("");
});

test.each(["", "first-unconstrained", "1", `${"0".repeat(8)}-x`, `${"A".repeat(8)}-00000000`])(
  "refuses the bookmark '%s' by name",
  async (bookmark) => {
    for (const path of reads("0".repeat(24), "0".repeat(24))) {
      const { status, body } = await call("GET", path, { headers: { [NAME]: bookmark } });
      expect({ status, errors: body.errors }).toMatchObject({
        status: 400,
        errors: [{ parameter: NAME }],
      });
    }
  },
);

test("a write goes to the primary, whatever bookmark comes with it", async () => {
  const headers = { [NAME]: "garbage" };
  const began = await sessionsOf(async () => {
    const body = { url: "https://example.com" };
    const { status, body: answer } = await call("POST", "/webhook", { body, headers });
    expect(status).toBe(201);
    await call("POST", `/webhook/${answer.data.id}/rotate-secret`, { headers });
    await call("DELETE", `/webhook/${answer.data.id}`, { headers });
  });
  expect(new Set(began)).toEqual(new Set(["first-primary"]));
});
