import { randomUUID } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";
import { type Answer, BASE, type Json } from "../support/client.ts";
import type { Server } from "../support/worker-server.ts";
import { table } from "./load.ts";
import { alter, restart, serve } from "./servers.ts";

const ONE_JOB_GROUPS = 150;
const PROCESSORS = [100, 150] as const;
const [KEYS, REPEATS, MOST_JOBS] = [10, 8, 10];
const EMPTY_GROUPS = 10_000;

interface Counted {
  readonly calls: number;
  readonly rowsRead: number;
}

/** The costs of claims over all groups: of many at once, of repeats under one key, and of those that find nothing. */
export async function crowds(folder: string): Promise<string> {
  const server = await serve("counting", folder);
  const told = [await crowd(server), await repeats(server)];
  await server.kill();
  return [...told, await empty(folder)].join("\n");
}

const claim = ({ api }: Server, maxJobs: number, headers = {}): Promise<Answer> =>
  api.call("POST", `${BASE}/jobs/claim`, { body: { workerId: "bench", maxJobs }, headers });

/** The calls counted since the last time. */
const counted = ({ api }: Server): Promise<Counted> => api.data("GET", "/counted");

/** Processors that all claim one job in the same moment, each group having one. */
async function crowd(server: Server): Promise<string> {
  const rows: (string | number)[][] = [];
  let left = 0;
  for (const processors of PROCESSORS) {
    for (; left < ONE_JOB_GROUPS; left++) await server.api.newGroup(1);
    await counted(server);
    const all = await Promise.all(Array.from({ length: processors }, () => claim(server, 1)));
    const { calls } = await counted(server);
    const leases = all.reduce((sum, { body }) => sum + body.data.length, 0);
    left -= leases;
    rows.push([processors, leases, processors - leases, calls, (calls / leases).toFixed(2)]);
  }
  const head = ["at once", "leases", "empty answers", "coordinator calls", "calls a lease"];
  return `${ONE_JOB_GROUPS} groups of one job, claimed by processors at once:\n\n${table(head, rows)}`;
}

/** Repeats that arrive while the first claim under their key is under way. */
async function repeats(server: Server): Promise<string> {
  let unlike = 0;
  let most = 0;
  for (let key = 0; key < KEYS; key++) {
    for (let made = 0; made < 6; made++) await server.api.newGroup(3);
    const headers = { "idempotency-key": randomUUID() };
    const sent = Array.from({ length: REPEATS }, () => claim(server, MOST_JOBS, headers));
    const answers = (await Promise.all(sent)).map(({ body }) => leaseIdsIn(body));
    unlike += answers.filter((ids) => ids.join() !== answers[0]?.join()).length;
    most = Math.max(most, new Set(answers.flat()).size);
  }
  const head = ["keys", "requests a key", "answers unlike the first", "most leases under a key"];
  const row = [KEYS, REPEATS, unlike, `${most} of ${MOST_JOBS} asked for`];
  return `Repeats under one Idempotency-Key, at once:\n\n${table(head, [row])}`;
}

const leaseIdsIn = (body: Json): string[] =>
  body.data.map(({ leaseId }: { leaseId: string }) => leaseId);

const BACKING_OFF = "due_at = :soon, claim_rank = 6, claim_order = :soon";
const ALL_LEASED = `due_at = NULL, claim_rank = NULL, claim_order = NULL, status = 'processing',
  processing_jobs = 1`;

/** Claims that find nothing, however many groups there are. */
async function empty(folder: string): Promise<string> {
  alter(folder, (database) => multiply(database, EMPTY_GROUPS));
  const rows: (string | number)[][] = [];
  for (const [name, state] of [
    ["backing off", BACKING_OFF],
    ["all their jobs leased", ALL_LEASED],
  ] as const) {
    alter(folder, (database) => {
      const soon = state === BACKING_OFF ? { soon: Date.now() + 3_600_000 } : {};
      database.prepare(`UPDATE job_group SET ${state}`).run(soon);
    });
    const server = await restart(folder);
    // The first answer also reads what an isolate keeps afterwards.
    await claim(server, 1);
    await counted(server);
    const { body } = await claim(server, 1);
    const { rowsRead } = await counted(server);
    await server.kill();
    rows.push([`${EMPTY_GROUPS} ${name}`, body.data.length, body.reason, rowsRead]);
  }
  return `An empty answer:\n\n${table(["groups", "leases", "reason", "rows read"], rows)}`;
}

/** Leaves so many copies of one group, alike in all but the id. */
function multiply(database: DatabaseSync, groups: number): void {
  const columns = database.prepare("SELECT name FROM pragma_table_info('job_group')").all();
  const names = columns
    .map(({ name }) => String(name))
    .filter((name) => name !== "rowid" && name !== "id")
    .join();
  database.exec("DELETE FROM job_group WHERE rowid > (SELECT min(rowid) FROM job_group)");
  database
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO job_group (id, ${names})
       SELECT printf('%024x', i), ${names} FROM job_group, n`,
    )
    .run(groups - 1);
}
