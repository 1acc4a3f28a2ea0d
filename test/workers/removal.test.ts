import { createScheduledController } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, expect, test, vi } from "vitest";
import worker from "../../src/index.ts";
import { fileOf, formOf, type NamedFile } from "../support/files.ts";
import { BASE, call, data, type Json, newGroup, settle } from "../support/workers/api.ts";
import { storedObjects } from "../support/workers/refusals.ts";
import { database } from "../support/workers/database.ts";

const HOUR_MS = 3_600_000;
const FILES: NamedFile[] = [1, 2, 3].map((seed) => ({
  name: `${seed}.pdf`,
  bytes: fileOf("pdf", 300, seed),
}));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** A group of three documents; answers its id and the ids of its jobs. */
async function uploaded(fields: object = {}): Promise<{ group: string; jobs: string[] }> {
  const group = await newGroup(0, { ...fields });
  const { body } = await call("POST", `${BASE}/${group}/documents`, { raw: formOf(FILES) });
  return { group, jobs: body.data.jobs.map(({ jobId }: Json) => jobId) };
}

const objectsOf = async (group: string): Promise<string[]> =>
  (await storedObjects()).filter((name) => name.includes(group));
const removals = async () =>
  (await database.prepare("SELECT * FROM document_removal").all()).results.length;

/** Runs the Cron Trigger as it will run in so many hours. */
const cron = (hours = 0): Promise<void> =>
  worker.scheduled(
    createScheduledController({ scheduledTime: new Date(Date.now() + hours * HOUR_MS) }),
    env,
  );

/** The next deletion of objects fails, as when the Worker dies before it. */
const failToDelete = () =>
  vi
    .spyOn(Object.getPrototypeOf(env.DOCUMENTS) as R2Bucket, "delete")
    .mockRejectedValueOnce(new Error("gone"));

test("a deleted group takes its documents with it, and no other's", async () => {
  const { group } = await uploaded();
  const other = await uploaded();
  await call("DELETE", `${BASE}/${group}`);
  expect(await objectsOf(group)).toEqual([]);
  expect(await objectsOf(other.group)).toHaveLength(3);
  expect(await removals()).toBe(0);
});

test("a deleted job takes its document with it", async () => {
  const { group, jobs } = await uploaded();
  await call("POST", `${BASE}/${group}/process`);
  const [lease] = await data("POST", `${BASE}/${group}/jobs/claim`, { workerId: "w", maxJobs: 1 });
  await settle(group, lease, "complete");
  await call("DELETE", `${BASE}/${group}/jobs/${lease.jobId}`);
  expect(await objectsOf(group)).toHaveLength(2);
  const left = jobs.filter((job) => job !== lease.jobId);
  for (const job of left) {
    expect((await call("GET", `${BASE}/${group}/jobs/${job}/document`)).status).toBe(200);
  }
  expect(await removals()).toBe(0);
});

test("a deletion that dies before the documents are gone is finished by the Cron Trigger", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const { group } = await uploaded();
  failToDelete();
  expect((await call("DELETE", `${BASE}/${group}`)).status).toBe(200);
  expect(await objectsOf(group)).toHaveLength(3);
  await cron();
  expect(await objectsOf(group)).toEqual([]);
  expect(await removals()).toBe(0);
});

test("a group deleted by its retention takes its documents with it", async () => {
  const { group } = await uploaded({ retentionDays: 1 });
  await call("POST", `${BASE}/${group}/cancel`);
  vi.useFakeTimers({ toFake: ["Date"] }).setSystemTime(Date.now() + 25 * HOUR_MS);
  await cron();
  await cron();
  expect(await objectsOf(group)).toEqual([]);
});

test("what a dead upload has left is removed after an hour, and not what has a job", async () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  // The jobs are committed. The upload dies before its own bytes are deleted.
  failToDelete();
  const { group, jobs } = await uploaded();
  const spool = (await objectsOf(group)).filter((name) => name.startsWith("incoming/"));
  expect(spool).toHaveLength(1);
  // Another dies before its commit, when one of its documents is stored.
  const [, startedAt] = spool[0]?.split("/") ?? [];
  const dead = "f".repeat(19);
  await env.DOCUMENTS.put(`incoming/${startedAt}/${group}/${dead}/00`, "x");
  await env.DOCUMENTS.put(`documents/${group}/${dead}-00`, "x");
  await cron();
  expect(await objectsOf(group)).toHaveLength(6);
  await cron(1.5);
  const left = await objectsOf(group);
  expect(left).toHaveLength(jobs.length);
  expect(left.filter((name) => name.includes(dead) || name.startsWith("incoming/"))).toEqual([]);
  const path = `${BASE}/${group}/jobs/${jobs[0]}/document`;
  expect((await call("GET", path)).status).toBe(200);
});

test("a commit without an answer leaves the documents to the sweep, which keeps those that have a job", async () => {
  const group = await newGroup();
  const stub = env.GROUP_COORDINATOR.getByName(group);
  const lost = {
    getByName: () => ({
      execute: async (request: never) => {
        await stub.execute(request);
        throw Object.assign(new Error("Network connection lost."), { retryable: true });
      },
    }),
  };
  const raw = formOf(FILES);
  const answer = await call("POST", `${BASE}/${group}/documents`, {
    raw,
    bindings: { GROUP_COORDINATOR: lost },
  });
  expect(answer.status).toBe(503);
  await cron(1.5);
  expect(await objectsOf(group)).toHaveLength(3);
  expect((await data("GET", `${BASE}/${group}`)).totalJobs).toBe(3);
});
