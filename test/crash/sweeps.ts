/**
 * Kills the server while large groups are retried and then cancelled, which takes many steps. After each kill the counters
 * must equal the rows. A repeat finishes a retry, and each job is retried once; a cancel that nobody repeats is finished by
 * the alarm, and told once. CRASH_GROUPS (8) and CRASH_SEED change it.
 */
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { alter } from "../bench/servers.ts";
import { BASE } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { randomFrom } from "../support/random.ts";
import { buildWorker, startServer, workFolder } from "../support/worker-server.ts";
import { conclude } from "./conclude.ts";
import { insist } from "./insist.ts";
import { openCopy, recount } from "./recount.ts";

const GROUPS = Number(process.env["CRASH_GROUPS"] ?? 8);
const SEED = Number(process.env["CRASH_SEED"] ?? Date.now() % 1_000_000);
const JOBS = 6_000;
const LONGEST_LIFE_MS = 800;
const LIMIT_MS = 60_000;

console.log(`seed ${SEED}, ${GROUPS} groups of ${JOBS} jobs`);
const random = randomFrom(SEED);
const folder = workFolder();
await buildWorker(folder);
const port = await freePort();
let server = startServer(folder, port);
await server.ready;
const startedAt = Date.now();
const repeats = { unanswered: 0, unavailable: 0 };
const counts = {
  "kills amid a retry": 0,
  "kills amid a cancel": 0,
  "cancels that nobody repeated": 0,
};
const faults = {
  "counters unlike the rows": 0,
  "jobs not retried, or twice": 0,
  "answers unlike the work": 0,
  "cancels not finished": 0,
  "ends not told once": 0,
};

const event = { url: "https://crash.invalid/", events: ["job_group.cancelled"] };
await server.api.data("POST", "/webhook", event);
const groups: string[] = [];
for (let nth = 0; nth < GROUPS; nth++) groups.push(await server.api.newGroup(JOBS));
await server.kill();
alter(folder, (database) =>
  database.exec(`UPDATE job SET status = 'failed', attempts = 1, error = 'bad', error_code = 'bad', completed_at = 1;
    UPDATE job_group SET status = 'failed', failed_jobs = total_jobs, pending_jobs = 0, fresh_from = total_jobs,
      due_at = NULL, completed_at = 1`),
);

/** Rows of the dead server, after its counters have been held against them. */
function rows(query: string, group: string): Record<string, unknown>[] {
  const db = openCopy(join(folder, "state", "d1"), folder);
  const { unlike } = recount(db);
  if (unlike.length > 0) console.error("VIOLATION counters unlike the rows", unlike[0]?.found);
  faults["counters unlike the rows"] += unlike.length;
  const found = db.prepare(query).all(group);
  db.close();
  return found;
}

const statuses = (group: string) =>
  rows("SELECT status, count(*) AS jobs FROM job WHERE group_id = ? GROUP BY status", group);

/** Begins the work, kills the server amid it, and returns its promise once there is a server again. */
async function killedAmid<Result>(
  group: string,
  counted: keyof typeof counts,
  work: () => Promise<Result>,
) {
  server = startServer(folder, port);
  await server.ready;
  const answer = work();
  await sleep(random() * LONGEST_LIFE_MS);
  await server.kill();
  if (statuses(group).length > 1) counts[counted]++;
  server = startServer(folder, port);
  await server.ready;
  return { answer };
}

const send = (group: string, command: string) => () =>
  server.api.call("POST", `${BASE}/${group}/${command}`, {
    headers: { "idempotency-key": `${command}-${group}` },
  });

for (const group of groups) {
  const retry = send(group, "retry");
  const { answer } = await killedAmid(group, "kills amid a retry", () => insist(retry, repeats));
  const [{ status, body }, again] = [await answer, await retry()];
  const isAnswered = status === 200 && body.data.pendingJobs === JOBS && body.matched <= JOBS;
  if (!isAnswered || again.body.matched !== body.matched) faults["answers unlike the work"]++;
  await server.kill();
  const attempts = "status || coalesce(json_array_length(history), 0)";
  const query = `SELECT ${attempts} AS fate, count(*) AS jobs FROM job WHERE group_id = ? GROUP BY 1`;
  const [fate, ...others] = rows(query, group);
  if (fate?.["fate"] !== "queued1" || others.length > 0) faults["jobs not retried, or twice"]++;
}

/** Looks until the alarm has finished the cancel, if it was begun. */
async function finishedByAlarm(group: string): Promise<boolean> {
  for (const end = Date.now() + LIMIT_MS; Date.now() < end; await sleep(500)) {
    const { status, pendingJobs } = await server.api.data("GET", `${BASE}/${group}`);
    if (status !== "cancelled") return false;
    if (pendingJobs === 0) return true;
  }
  faults["cancels not finished"]++;
  return true;
}

for (const [index, group] of groups.entries()) {
  const cancel = send(group, "cancel");
  const isRepeated = index % 2 === 0;
  const { answer } = await killedAmid(group, "kills amid a cancel", () =>
    isRepeated ? insist(cancel, repeats) : cancel().catch(() => undefined),
  );
  await answer;
  if (!isRepeated && (await finishedByAlarm(group))) counts["cancels that nobody repeated"]++;
  else await insist(cancel, repeats);
  await server.kill();
  const [fate, ...others] = statuses(group);
  if (fate?.["status"] !== "cancelled" || others.length > 0) faults["cancels not finished"]++;
  const [told] = rows("SELECT count(*) AS told FROM delivery WHERE group_id = ?", group);
  if (told?.["told"] !== 1) faults["ends not told once"]++;
}

conclude(
  {
    seconds: Math.round((Date.now() - startedAt) / 1000),
    jobs: GROUPS * JOBS,
    ...counts,
    "requests repeated: no answer": repeats.unanswered,
  },
  {
    ...faults,
    "no kill amid a retry": counts["kills amid a retry"] > 0 ? 0 : 1,
    "no kill amid a cancel": counts["kills amid a cancel"] > 0 ? 0 : 1,
    "every cancel was repeated": counts["cancels that nobody repeated"] > 0 ? 0 : 1,
  },
);
process.exit();
