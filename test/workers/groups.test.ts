import { listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { BASE, call, claim, data, newGroup, settle, type Json } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
const UNKNOWN = `${BASE}/${"0".repeat(24)}`;
const unique = () => crypto.randomUUID();
const minimal = { name: "March", template: "t-1" };
const full = {
  ...minimal,
  description: 'Ünïcode, "quotes" and 🧾',
  batchNumber: "B-7",
  priority: "urgent",
  processingSettings: { parallelJobs: 10, retryCount: 0, timeoutMinutes: 120 },
  notifications: { onCompletion: true, onFailure: false, recipients: ["a@example.com"] },
  createdBy: "ann",
  assignedTo: "bob",
  tags: ["x", "y"],
  metadata: { z: [1, { deep: "é" }], a: null },
};
const defaults = {
  priority: "medium",
  processingSettings: { parallelJobs: 3, retryCount: 2, timeoutMinutes: 30 },
  notifications: { onCompletion: false, onFailure: true, recipients: [] },
  tags: [],
  metadata: {},
};
const zero = {
  status: "created",
  totalJobs: 0,
  pendingJobs: 0,
  processingJobs: 0,
  completedJobs: 0,
  failedJobs: 0,
  cancelledJobs: 0,
  statistics: {
    totalDocuments: 0,
    totalPages: 0,
    averageProcessingTime: 0,
    successRate: 0,
    totalCost: 0,
    currency: "USD",
  },
};
const timesOf = (fields: Json): string[] =>
  Object.entries(fields).flatMap(([name, value]) =>
    /At$|CompletionTime$/.test(name) ? [String(value)] : [],
  );

test("creating a group wakes no object; its first command does", async () => {
  const { _id: id } = await data("POST", BASE, minimal);
  const object = String(env.GROUP_COORDINATOR.idFromName(id));
  const objects = async () => (await listDurableObjectIds(env.GROUP_COORDINATOR)).map(String);
  expect(await objects()).not.toContain(object);
  await data("POST", `${BASE}/${id}/jobs`, { jobs: [{ documentName: "a.pdf" }] });
  expect(await objects()).toContain(object);
});

test("a new group has the defaults, zero counters, and nothing that has no value", async () => {
  const { status, headers, body } = await call("POST", BASE, { body: minimal });
  expect(status).toBe(201);
  const { _id, createdAt, updatedAt, ...rest } = body.data;
  expect(rest).toEqual({ ...minimal, ...defaults, ...zero });
  expect(headers.get("location")).toBe(`${BASE}/${_id}`);
  expect(_id).toMatch(/^[0-9a-f]{24}$/);
  expect(createdAt).toMatch(TIME);
  expect(updatedAt).toBe(createdAt);
  expect(await data("GET", `${BASE}/${_id}`)).toEqual(body.data);
});

test("keeps every input field as it was sent, and ignores what the server owns", async () => {
  const owned = { _id: "mine", status: "completed", totalJobs: 7, statistics: 1, createdAt: null };
  const { _id, ...created } = await data("POST", BASE, { ...full, ...owned });
  expect(_id).not.toBe("mine");
  expect(created).toMatchObject({ ...full, ...zero });
  expect(await data("GET", `${BASE}/${_id}`)).toEqual({ _id, ...created });
});

test("takes both ends of every numeric setting", async () => {
  const low = { parallelJobs: 1, retryCount: 0, timeoutMinutes: 5 };
  const high = { parallelJobs: 10, retryCount: 5, timeoutMinutes: 120 };
  for (const processingSettings of [low, high]) {
    const created = await data("POST", BASE, { ...minimal, processingSettings });
    expect(created.processingSettings).toEqual(processingSettings);
  }
});

test("names every problem of a body in one answer", async () => {
  const body = { name: "", colour: 1, tags: [1], processingSettings: { retryCount: 6, speed: 2 } };
  const answer = await call("POST", BASE, { body });
  expect(answer.body).toMatchObject({ code: "VALIDATION_FAILED", status: 400 });
  const pointers = answer.body.errors.map(({ pointer }: Json) => pointer);
  const wrong = ["/processingSettings/retryCount", "/processingSettings/speed", "/tags/0"];
  expect(pointers.toSorted()).toEqual(["/colour", "/name", ...wrong, "/template"]);
});

test("PUT replaces every field, clears what is left out, and keeps what the server owns", async () => {
  const group = await newGroup(2, { ...full, settings: full.processingSettings });
  await settle(group, (await claim(group, 1))[0], "complete", { pages: 3, cost: 0.25 });
  const before = await data("GET", `${BASE}/${group}`);
  const after = await data("PUT", `${BASE}/${group}`, { ...minimal, name: "April" });
  const { _id, createdAt, startedAt, status, statistics } = before;
  const counters = { totalJobs: 2, pendingJobs: 1, completedJobs: 1, processingJobs: 0 };
  const rest = { failedJobs: 0, cancelledJobs: 0, updatedAt: after.updatedAt };
  const owned = { _id, createdAt, startedAt, status, statistics, ...counters, ...rest };
  expect(after).toEqual({ ...minimal, name: "April", ...defaults, ...owned });
  expect(after.updatedAt >= before.updatedAt).toBe(true);
  expect(await data("GET", `${BASE}/${group}`)).toEqual(after);
});

test("what GET answered can be edited and sent back", async () => {
  const group = await newGroup(1, { ...full, settings: full.processingSettings });
  await claim(group);
  const before = await data("GET", `${BASE}/${group}`);
  const after = await data("PUT", `${BASE}/${group}`, { ...before, name: "Edited" });
  expect(after).toEqual({ ...before, name: "Edited", updatedAt: after.updatedAt });
  expect((await call("PUT", UNKNOWN, { body: before })).body.code).toBe("GROUP_NOT_FOUND");
});

test("DELETE leaves neither the group, nor its jobs, nor anything in its coordinator", async () => {
  const group = await newGroup(3);
  const [lease] = await claim(group, 1);
  const coordinator = env.GROUP_COORDINATOR.getByName(group);
  const stored = () =>
    runInDurableObject(coordinator, async (_, { storage }) => {
      return [(await storage.list()).size, await storage.getAlarm()];
    });
  expect(await stored()).toEqual([1, expect.any(Number)]);
  const { status, body } = await call("DELETE", `${BASE}/${group}`);
  expect([status, body]).toEqual([200, { success: true, message: expect.any(String) }]);
  for (const path of ["", "/jobs", `/jobs/${lease.jobId}`]) {
    expect((await call("GET", `${BASE}/${group}${path}`)).body.code).toBe("GROUP_NOT_FOUND");
  }
  expect((await call("DELETE", `${BASE}/${group}`)).status).toBe(404);
  expect((await settle(group, lease, "complete")).status).toBe(404);
  const rows = database.prepare("SELECT count(*) AS n FROM job WHERE group_id = ?").bind(group);
  expect(await rows.first("n")).toBe(0);
  expect(await stored()).toEqual([0, null]);
});

async function list(query: string): Promise<{ names: string[]; total: number; data: Json[] }> {
  const { status, body } = await call("GET", `${BASE}?${query}`);
  expect({ status, body }).toMatchObject({ status: 200 });
  return { ...body, names: body.data.map(({ name }: Json) => name) };
}

/** Groups of which only this test knows the tag; newer ones come last. */
async function groupsTagged(...groups: object[]): Promise<string> {
  const tag = unique();
  for (const [index, fields] of groups.entries()) {
    await data("POST", BASE, { ...minimal, name: `g${index}`, tags: [tag], ...fields });
    await scheduler.wait(2);
  }
  return `filter=${encodeURIComponent(JSON.stringify({ tags: tag }))}`;
}

test("lists the newest first, 50 a page unless told otherwise, with the total of all pages", async () => {
  const tagged = await groupsTagged({}, {}, {});
  expect(await list(tagged)).toMatchObject({ names: ["g2", "g1", "g0"], total: 3 });
  expect(await list(`${tagged}&limit=2`)).toMatchObject({ names: ["g2", "g1"], total: 3 });
  expect(await list(`${tagged}&limit=2&offset=2`)).toMatchObject({ names: ["g0"], total: 3 });
  expect(await list(`${tagged}&offset=3`)).toMatchObject({ names: [], total: 3 });
  expect(await list(`${tagged}&order=asc`)).toMatchObject({ names: ["g0", "g1", "g2"] });
  const [{ _id }] = (await list(`${tagged}&limit=1`)).data;
  expect((await list(tagged)).data[0]).toEqual(await data("GET", `${BASE}/${_id}`));
});

test("gives 50 groups when no limit is named, and 100 at most", async () => {
  const tags = [unique()];
  await Promise.all(Array.from({ length: 51 }, () => data("POST", BASE, { ...minimal, tags })));
  const tagged = `filter=${encodeURIComponent(JSON.stringify({ tags }))}`;
  const [page, all] = [await list(tagged), await list(`${tagged}&limit=100`)];
  expect([page.data.length, page.total, all.data.length]).toEqual([50, 51, 51]);
});

test("sorts priorities by rank and names by their text", async () => {
  const ranks = ["high", "low", "urgent", "medium"];
  const tagged = await groupsTagged(...ranks.map((priority) => ({ priority, name: priority })));
  const byRank = await list(`${tagged}&sort=priority`);
  expect(byRank.names).toEqual(["urgent", "high", "medium", "low"]);
  expect((await list(`${tagged}&sort=priority&order=asc`)).names).toEqual(
    byRank.names.toReversed(),
  );
  expect((await list(`${tagged}&sort=name&order=asc`)).names).toEqual(ranks.toSorted());
});

test("finds by filter and by search what a client describes, taking every character literally", async () => {
  const odd = `100%_'"\\ ÄÖ ${unique()}`;
  const tagged = await groupsTagged(
    { description: odd, metadata: { region: "EU" }, priority: "high" },
    {},
  );
  const search = `search=${encodeURIComponent(odd.toLowerCase())}`;
  expect(await list(search)).toMatchObject({ names: ["g0"], total: 1 });
  const filtered = async (filter: object) =>
    (await list(`${search}&filter=${encodeURIComponent(JSON.stringify(filter))}`)).total;
  expect(await filtered({ "metadata.region": "EU", priority: ["high", "low"] })).toBe(1);
  expect(await filtered({ "metadata.region": { $ne: "EU" } })).toBe(0);
  expect(await filtered({ $or: [{ totalJobs: { $gt: 0 } }, { status: "created" }] })).toBe(1);
  for (const text of ["%", "_", "'", '"', "\\", "') OR 1=1 --", "x".repeat(500)]) {
    const found = await list(`${tagged}&search=${encodeURIComponent(text)}`);
    expect(found.names).toEqual(odd.includes(text) ? ["g0"] : []);
  }
});

test("gives all jobs of a group in the order they were added, and any part of them", async () => {
  const group = await newGroup(600, { settings: { parallelJobs: 10 } });
  const leases = await claim(group, 3);
  await settle(group, leases[2], "complete");
  const expected = Array.from({ length: 600 }, (_, index) => `invoice-${index + 1}.pdf`);
  const jobs = async (query: string) => {
    const { status, body } = await call("GET", `${BASE}/${group}/jobs?${query}`);
    expect([status, body.success]).toEqual([200, true]);
    const names: string[] = body.data.map(({ documentName }: Json) => documentName);
    return { names, total: body.total, data: body.data };
  };
  const all = await jobs("");
  expect(all).toMatchObject({ names: expected, total: 600 });
  expect(new Set(all.data.map(({ jobId }: Json) => jobId)).size).toBe(600);
  for (const [offset, limit] of [
    [0, 1],
    [0, 250],
    [249, 2],
    [240, 300],
    [100, 500],
    [599, 5],
    [600, 5],
  ] as const) {
    const part = await jobs(`offset=${offset}&limit=${limit}`);
    expect(part).toMatchObject({ names: expected.slice(offset, offset + limit), total: 600 });
  }
  expect((await jobs("offset=590")).names).toEqual(expected.slice(590));
  const processing = { names: expected.slice(0, 2), total: 2 };
  expect(await jobs("status=processing")).toMatchObject(processing);
  expect(await jobs("status=completed")).toMatchObject({ names: expected.slice(2, 3), total: 1 });
  const queued = await jobs("status=queued&offset=300&limit=290");
  expect(queued).toMatchObject({ names: expected.slice(303, 593), total: 597 });
  expect(await jobs("status=failed")).toMatchObject({ names: [], total: 0 });
});

test("answers no null and only UTC times, whatever state a group and its jobs are in", async () => {
  const group = await newGroup(3, { settings: { retryCount: 0 } });
  const [first, second] = await claim(group, 3);
  await settle(group, first, "complete");
  await settle(group, second, "fail", { error: "blurred" });
  const answers = [
    await data("GET", `${BASE}/${group}`),
    ...(await data("GET", `${BASE}/${group}/jobs`)),
    await data("POST", `${BASE}/${group}/cancel`),
  ];
  expect(JSON.stringify(answers)).not.toContain("null");
  const times = answers.flatMap(timesOf);
  expect(times.length).toBeGreaterThan(8);
  for (const time of times) expect(time).toMatch(TIME);
});
