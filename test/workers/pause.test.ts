import { expect, test } from "vitest";
import { BASE, call, claim, data, newGroup, settle } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

const pause = (group: string, reason?: string) =>
  data("POST", `${BASE}/${group}/pause`, reason === undefined ? undefined : { reason });
const resume = (group: string) => data("POST", `${BASE}/${group}/resume`);
const claimAny = () =>
  call("POST", `${BASE}/jobs/claim`, { body: { workerId: "any", maxJobs: 1 } });

test("a paused group shows when and why, and nothing of it once it is resumed", async () => {
  const group = await newGroup(2);
  const before = await data("GET", `${BASE}/${group}`);
  const paused = await pause(group, "The provider is down.");
  expect(paused).toMatchObject({ status: "queued", pauseReason: "The provider is down." });
  expect(Date.parse(paused.pausedAt)).toBeGreaterThanOrEqual(Date.parse(before.createdAt));
  const { updatedAt: _, ...resumed } = await resume(group);
  const { updatedAt: _before, ...rest } = before;
  expect(resumed).toEqual(rest);
});

test("claims racing with a pause lease nothing after it", async () => {
  const group = await newGroup(40, { settings: { parallelJobs: 10 } });
  const [lease] = await claim(group, 1);
  const [paused] = await Promise.all([
    pause(group),
    ...Array.from({ length: 10 }, () => claim(group, 1)),
    settle(group, lease, "complete", { claimNext: true }),
  ]);
  const after = await data("GET", `${BASE}/${group}`);
  expect(after.processingJobs).toBeLessThanOrEqual(paused.processingJobs);
  const { body } = await call("POST", `${BASE}/${group}/jobs/claim`, {
    body: { workerId: "w", maxJobs: 1 },
  });
  expect(body).toEqual({ success: true, data: [], reason: "paused" });
});

test("claimAnyJobs passes over a paused group, and finds it once it is resumed", async () => {
  await database.prepare("DELETE FROM job_group").run();
  const [first, second] = [await newGroup(1), await newGroup(1)];
  await pause(first);
  expect((await claimAny()).body.data[0].groupId).toBe(second);
  expect((await claimAny()).body).toMatchObject({ data: [], reason: "nothing_queued" });
  await resume(first);
  expect((await claimAny()).body.data[0].groupId).toBe(first);
});

test("the report that reaches maxCost pauses the group, and its claimNext leases nothing", async () => {
  const group = await newGroup(3, { settings: { parallelJobs: 3, maxCost: 0.5 } });
  const [lease] = await claim(group, 1);
  const { body } = await settle(group, lease, "complete", { cost: 0.5, claimNext: true });
  expect(body.data.next).toEqual({ reason: "paused" });
  const shown = await data("GET", `${BASE}/${group}`);
  expect(shown).toMatchObject({
    pauseReason: "max_cost",
    processingSettings: { maxCost: 0.5 },
  });
});

test("an empty body pauses, whatever content type comes with it", async () => {
  for (const headers of [{}, { "content-type": "application/json" }, { "content-type": "a/b" }]) {
    const group = await newGroup(1);
    const { status, body } = await call("POST", `${BASE}/${group}/pause`, { raw: "", headers });
    expect(status).toBe(200);
    expect(body.data).not.toHaveProperty("pauseReason");
  }
});

test("the answer of a paused group can be edited and sent back, and the pause stays", async () => {
  const group = await newGroup(1);
  const paused = await pause(group, "outage");
  const body = { ...paused, name: "Renamed", pausedAt: null, pauseReason: "mine", outcome: 1 };
  const { body: updated } = await call("PUT", `${BASE}/${group}`, { body });
  expect(updated.data).toMatchObject({ name: "Renamed", pauseReason: "outage" });
  expect(updated.data.pausedAt).toBe(paused.pausedAt);
});

test("each pause of a run is told to the webhooks that ask for it, and to no others", async () => {
  const url = "https://hooks.example.com/pauses";
  const asked = await data("POST", "/webhook", { url, events: ["job_group.paused"] });
  const usual = await data("POST", "/webhook", { url });
  const group = await newGroup(1);
  for (let round = 0; round < 2; round++) {
    await pause(group);
    await resume(group);
  }
  const list = await call("GET", `${BASE}/${group}/notifications`);
  const told = list.body.data.map(({ event, webhookId }: Record<string, string>) => [
    event,
    webhookId,
  ]);
  const once = ["job_group.paused", asked.webhookId];
  expect(told).toEqual([once, once]);
  expect(usual.events).not.toContain("job_group.paused");
});

test("an ended group tells its outcome, in the list's filter, too", async () => {
  const group = await newGroup(2, { name: "Half read" });
  const [good, bad] = await claim(group, 2);
  await settle(group, good, "complete");
  expect(await data("GET", `${BASE}/${group}`)).not.toHaveProperty("outcome");
  await settle(group, bad, "fail", { error: "blank", retryable: false });
  const filter = encodeURIComponent(JSON.stringify({ outcome: "partial", name: "Half read" }));
  const { body } = await call("GET", `${BASE}?filter=${filter}&sort=outcome`);
  expect(body.data).toMatchObject([{ _id: group, status: "completed", outcome: "partial" }]);
});

test("a group that is paused at its parallelJobs leaves the line of a filter, too", async () => {
  await database.prepare("DELETE FROM job_group").run();
  const template = "paused-template";
  const group = await newGroup(2, { template, settings: { parallelJobs: 1 } });
  const claimOf = () =>
    call("POST", `${BASE}/jobs/claim`, {
      body: { workerId: "any", maxJobs: 1, templates: [template] },
    });
  expect((await claimOf()).body.data).toHaveLength(1);
  expect((await claimOf()).body.reason).toBe("parallel_limit");
  await pause(group);
  expect((await claimOf()).body.reason).toBe("nothing_queued");
  await resume(group);
  expect((await claimOf()).body.reason).toBe("parallel_limit");
});
