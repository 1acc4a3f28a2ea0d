/**
 * Kills the server while large groups are deleted, which takes many steps, and a small group is worked on. A deletion
 * that was answered must stay at every read, the alarms must remove all rows, and the watchdog those whose alarm is lost.
 * CRASH_GROUPS (10) and CRASH_SEED change it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { BASE, type Json } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { audit, auditAnswers } from "./audit.ts";
import { addJobs, drain, newGroup, processor, worldOf } from "./clients.ts";
import { conclude } from "./conclude.ts";
import { insist } from "./insist.ts";
import { Ledger } from "./ledger.ts";
import { loseAlarms } from "./lose-alarms.ts";
import { miscounted, remainsOf } from "./remains.ts";

const GROUPS = Number(process.env["CRASH_GROUPS"] ?? 10);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const [JOBS, JOBS_A_CALL, FAILED_JOBS, KEPT_JOBS] = [6_000, 1_000, 5, 3_000];
const LONGEST_LIFE_MS = 400;
/** An alarm that a kill has cut off goes off again after five seconds. */
const LONGEST_LATER_LIFE_MS = 7_000;
const [WITHOUT_ALARMS, NO_ALARM_MS, LIMIT_MS] = [3, 7_000, 60_000];
const HOUR_MS = 3_600_000;
const TEMPLATE = "t-removed";

console.log(`seed ${SEED}, ${GROUPS} deletions`);
const random = randomFrom(SEED);
const folder = workFolder();
await buildWorker(folder);
const port = await freePort();
let server = startServer(folder, port);
await server.ready;
const ledger = new Ledger();
const world = worldOf(ledger, [server.api], { closing: true, draining: true });
const { repeats } = ledger;
const send = (method: string, path: string, body?: object) =>
  insist(() => server.api.call(method, path, body && { body }), repeats);
const claim = { workerId: "crash", maxJobs: FAILED_JOBS };
const claimAny = { ...claim, maxJobs: 1, templates: [TEMPLATE] };

await server.api.data("POST", "/webhook", {
  url: "https://crash.invalid/",
  events: ["job.failed"],
});
await server.api.data("POST", `${BASE}/jobs/claim`, claimAny);

/** Has tags, notices, receipts and leases besides its jobs. */
async function largeGroup(): Promise<string> {
  const settings = { parallelJobs: 10, retryCount: 0 };
  const input = { name: "Large", template: TEMPLATE, tags: ["removed"] };
  const create = { ...input, processingSettings: settings };
  const { _id: group } = await server.api.data("POST", BASE, create);
  const path = `${BASE}/${group}`;
  for (let added = 0; added < JOBS; added += JOBS_A_CALL) {
    const jobs = Array.from({ length: JOBS_A_CALL }, (_, index) => ({
      documentName: `${added + index}.pdf`,
      jobNumber: `N-${added + index}`,
    }));
    const headers = { "idempotency-key": `add-${group}-${added}` };
    await server.api.call("POST", `${path}/jobs`, { body: { jobs }, headers });
  }
  await server.api.data("POST", `${path}/process`);
  const leases: Json[] = await server.api.data("POST", `${path}/jobs/claim`, claim);
  for (const { jobId, leaseId } of leases) {
    const report = { leaseId, error: "unreadable", retryable: false };
    await server.api.data("POST", `${path}/jobs/${jobId}/fail`, report);
  }
  return group;
}

const groups: string[] = [];
for (let index = 0; index < GROUPS + WITHOUT_ALARMS; index++) groups.push(await largeGroup());
const filled = { ...remainsOf(folder, groups) };
const kept = await newGroup(world, JOBS_A_CALL, { parallelJobs: 10, retryCount: 1 });
for (let added = JOBS_A_CALL; added < KEPT_JOBS; added += JOBS_A_CALL) {
  await addJobs(world, kept, JOBS_A_CALL);
}

const counts = { "kills amid a removal": 0, "kills while starting": 0, reads: 0 };
const faults = { "deleted groups seen": 0, "deletions not acknowledged": 0 };
const gone: string[] = [];
const enough = new AbortController();

/** A repeat of a deletion that has landed finds no group. */
async function remove(group: string): Promise<void> {
  const { status } = await send("DELETE", `${BASE}/${group}`);
  if (status !== 200 && status !== 404) faults["deletions not acknowledged"]++;
  gone.push(group);
}

/** Looks for groups whose deletion was answered before. */
async function reader(): Promise<void> {
  while (!enough.signal.aborted) {
    const known = [...gone];
    const group = known[Math.floor(random() * known.length)];
    const { body: claimed } = await send("POST", `${BASE}/jobs/claim`, claimAny);
    const list = await send(
      "GET",
      `${BASE}?filter=${JSON.stringify({ tags: "removed" })}&limit=100`,
    );
    const found = [
      ...claimed.data.map(({ groupId }: Json) => groupId),
      ...list.body.data.map(({ _id }: Json) => _id),
    ];
    const ends = group === undefined ? [] : ["", "/jobs", "/verify", "/notifications", "/results"];
    for (const end of ends) {
      if ((await send("GET", `${BASE}/${group}${end}`)).status !== 404) found.push(group);
    }
    faults["deleted groups seen"] += found.filter((id) => known.includes(id)).length;
    counts.reads += 2 + ends.length;
    await sleep(20);
  }
}

/** Holds the rows of a dead server against the answers. Returns the groups of which something is left to remove. */
function look(): number {
  audit(folder, ledger);
  faults["deleted groups seen"] += remainsOf(folder, gone)["seen groups"] ?? 0;
  return groups.filter((group) => {
    const { group_removal: begun = 0, job = 0 } = remainsOf(folder, [group]);
    if (begun > 0 && job > 0 && job < JOBS) counts["kills amid a removal"]++;
    return begun > 0;
  }).length;
}

async function restart(): Promise<void> {
  server = startServer(folder, port);
  if (random() < 0.2) {
    await sleep(random() * 1_500);
    await server.kill();
    counts["kills while starting"]++;
    server = startServer(folder, port);
  }
  await server.ready;
}

const own = () => randomFrom(Math.floor(random() * 2 ** 32));
const working = Promise.all([processor(world, kept, own(), true), processor(world, kept, own())]);
const reads = reader();
const deletions: Promise<void>[] = [];
const startedAt = Date.now();
for (const group of groups.slice(0, GROUPS)) {
  deletions.push(remove(group));
  await sleep(random() * LONGEST_LIFE_MS);
  await server.kill();
  look();
  await restart();
}
await Promise.all(deletions);
let left = GROUPS;
for (const end = Date.now() + LIMIT_MS; left > 0 && Date.now() < end; await restart()) {
  await sleep(random() * LONGEST_LATER_LIFE_MS);
  await server.kill();
  left = look();
}
const leftByAlarms = left;
await drain(working);

await Promise.all(groups.slice(GROUPS).map(remove));
await server.kill();
look();
const alarms = loseAlarms(folder, `UPDATE group_removal SET begun_at = begun_at - ${HOUR_MS}`);
server = startServer(folder, port);
await server.ready;
await sleep(NO_ALARM_MS);
await server.kill();
const withoutCron = look();
process.env["CRON_MS"] = "1000";
for (const end = Date.now() + LIMIT_MS; look() > 0 && Date.now() < end; await server.kill()) {
  server = startServer(folder, port);
  await server.ready;
  await sleep(random() * LONGEST_LATER_LIFE_MS);
}

server = startServer(folder, port);
await server.ready;
const answers = [await server.api.data("GET", `${BASE}/${kept}`)];
enough.abort();
await reads;
await server.kill();
ledger.checkAnswers();
auditAnswers(audit(folder, ledger, true), answers, ledger);
const rows = Object.entries(remainsOf(folder, groups));
const figures = {
  seconds: Math.round((Date.now() - startedAt) / 1000),
  "jobs removed": groups.length * JOBS,
  ...counts,
  "alarms deleted": alarms,
  "removals without an alarm": withoutCron,
  ...ledger.figures(),
};
conclude(figures, {
  ...Object.fromEntries(rows.map(([table, count]) => [`rows left: ${table}`, count])),
  "kinds of rows that no group had": ["delivery", "job_group_tag", "claim_line", "receipt"].filter(
    (table) => filled[table] === 0,
  ).length,
  "removals left by alarms": leftByAlarms,
  "nothing was left to the watchdog": withoutCron > 0 ? 0 : 1,
  "no kill amid a removal": counts["kills amid a removal"] > 0 ? 0 : 1,
  "counts of groups that are wrong": miscounted(folder),
  ...faults,
  ...ledger.violations,
});
process.exit();
