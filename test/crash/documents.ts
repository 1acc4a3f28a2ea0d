/**
 * Kills the server while documents are uploaded and deleted. No document that was acknowledged may be lost, no job may be
 * without its bytes, and after the sweep no bytes may be without a job.
 */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Miniflare } from "miniflare";
import { BASE } from "../support/client.ts";
import { fileOf, formOf, HEADS, sha256 } from "../support/files.ts";
import { openWorker } from "../support/open-worker.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { insist } from "./insist.ts";

const ROUNDS = Number(process.env["CRASH_ROUNDS"] ?? 20);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const UPLOADERS = 4;
const LONGEST_LIFE_MS = 1_500;
const LARGEST_FILE = 600_000;
const SWEPT_AFTER_MS = 2 * 60 * 60_000;
const TYPES = (Object.keys(HEADS) as (keyof typeof HEADS)[]).filter((type) => type !== "zip");

console.log(`seed ${SEED}, ${ROUNDS} rounds of uploads and deletions`);
const random = randomFrom(SEED);
const upTo = (limit: number) => Math.floor(random() * limit);
const folder = workFolder();
await buildWorker(folder);
const port = await freePort();
let server = startServer(folder, port);
await server.ready;

/** The hash of each document that was acknowledged, by group and job. */
const acknowledged = new Map<string, Map<string, string>>();
const repeats = { unanswered: 0, unavailable: 0 };
const counts = { uploads: 0, "groups deleted": 0, "documents put": 0 };
/** Aborted after the last kill. */
const over = new AbortController();

const path = (group: string) => `${BASE}/${group}`;
const call: typeof server.api.call = (...request) => server.api.call(...request);

async function newGroup(): Promise<string> {
  const headers = { "idempotency-key": randomUUID() };
  const body = { name: "Documents", template: "t" };
  const answer = await insist(() => call("POST", BASE, { body, headers }), repeats);
  const group: string = answer.body.data._id;
  acknowledged.set(group, new Map());
  return group;
}

const newFile = () => {
  const type = TYPES[upTo(TYPES.length)] ?? "pdf";
  return { name: `${type}.dat`, bytes: fileOf(type, 100 + upTo(LARGEST_FILE), upTo(1e6)) };
};

/** Uploads files and books those that are acknowledged. Repeats what a kill has left unanswered. */
async function upload(group: string): Promise<void> {
  const files = Array.from({ length: 1 + upTo(4) }, newFile);
  const headers = { "idempotency-key": randomUUID() };
  const send = () => call("POST", `${path(group)}/documents`, { raw: formOf(files), headers });
  const { status, body } = await insist(send, repeats);
  if (status !== 201) return;
  counts.uploads++;
  for (const [index, { jobId }] of body.data.jobs.entries()) {
    const { bytes } = files[index] ?? newFile();
    acknowledged.get(group)?.set(jobId, await sha256(bytes));
  }
}

async function put(group: string): Promise<void> {
  const headers = { "idempotency-key": randomUUID() };
  const body = { jobs: [{ documentName: "later.pdf" }] };
  const add = () => call("POST", `${path(group)}/jobs`, { body, headers });
  const added = await insist(add, repeats);
  if (added.status !== 201) return;
  const [{ jobId }] = added.body.data.jobs;
  const { bytes } = newFile();
  const to = `${path(group)}/jobs/${jobId}/document`;
  const { status } = await insist(() => call("PUT", to, { raw: bytes }), repeats);
  // The first try was stored, and its answer lost.
  if (status !== 200 && status !== 409) return;
  counts["documents put"]++;
  acknowledged.get(group)?.set(jobId, await sha256(bytes));
}

async function remove(group: string): Promise<void> {
  acknowledged.delete(group);
  await insist(() => call("DELETE", path(group)), repeats);
  counts["groups deleted"]++;
}

async function client(): Promise<void> {
  let group = await newGroup();
  while (!over.signal.aborted) {
    await (random() < 0.8 ? upload(group) : put(group));
    if (random() > 0.3) continue;
    if (random() < 0.7) await remove(group);
    group = await newGroup();
  }
}

const clients = Array.from({ length: UPLOADERS }, client);
for (let round = 1; round <= ROUNDS; round++) {
  await sleep(random() * LONGEST_LIFE_MS);
  await server.kill();
  server = startServer(folder, port);
  await server.ready;
}
over.abort();
await Promise.all(clients);

let lost = 0;
for (const [group, jobs] of acknowledged) {
  for (const [jobId, hash] of jobs) {
    const url = `${server.url}${path(group)}/jobs/${jobId}/document`;
    const response = await fetch(url, { headers: { "api-key": server.api.key } });
    const isThere = response.ok && (await sha256(await response.arrayBuffer())) === hash;
    if (!isThere) lost++;
  }
}
await server.kill();

async function namesIn(miniflare: Miniflare): Promise<Set<string>> {
  const bucket = await miniflare.getR2Bucket("DOCUMENTS");
  const names = new Set<string>();
  for (let cursor: string | undefined, more = true; more;) {
    const page = await bucket.list(cursor === undefined ? {} : { cursor });
    for (const { key } of page.objects) names.add(key);
    more = page.truncated;
    cursor = page.truncated ? page.cursor : undefined;
  }
  return names;
}

const miniflare = openWorker(folder);
const database = await miniflare.getD1Database("DB");
const { results } = await database
  .prepare("SELECT group_id AS id, document_key AS name FROM job WHERE document_key IS NOT NULL")
  .all<{ id: string; name: string }>();
const wanted = new Set(results.map(({ id, name }) => `documents/${id}/${name}`));
const before = await namesIn(miniflare);
const worker = await miniflare.getWorker();
const scheduledTime = new Date(Date.now() + SWEPT_AFTER_MS);
await worker.scheduled({ cron: "* * * * *", scheduledTime });
const after = await namesIn(miniflare);
const removals = await database.prepare("SELECT * FROM document_removal").all();
await miniflare.dispose();

conclude(
  {
    rounds: ROUNDS,
    ...counts,
    "requests repeated: no answer": repeats.unanswered,
    "documents kept": wanted.size,
    "objects that the sweep removed": before.size - after.size,
  },
  {
    "documents acknowledged and lost": lost,
    "jobs without their bytes": [...wanted].filter((name) => !before.has(name)).length,
    "jobs whose bytes the sweep took": [...wanted].filter((name) => !after.has(name)).length,
    "bytes without a job after the sweep": [...after].filter((name) => !wanted.has(name)).length,
    "removals left undone": removals.results.length,
  },
);
process.exit();
