import type { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { keyText } from "../../src/store/job-keys.ts";
import { BASE, type Json } from "../support/client.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { quantile } from "../support/statistics.ts";
import { type Scale, table } from "./load.ts";
import { alter, restart, serve } from "./servers.ts";
import type { Cost } from "./workers/meter.ts";

const CALM_MS = 3_000;
const WINDOW_MS = 100;
const RESULT_BYTES = 65_536;

interface Sweep {
  readonly name: string;
  readonly status: "failed" | "queued" | "completed";
  readonly jobs: number;
  readonly resultBytes: number;
  readonly notices: number;
  readonly method: "POST" | "DELETE";
  readonly path: string;
}

/** Large groups are run again, cancelled and deleted, while another workspace reads a group of its own. */
export async function sweeps(folder: string, { jobs }: Scale): Promise<string> {
  const few = jobs / 5;
  const plain = { jobs, resultBytes: 0, notices: 0, method: "POST" } as const;
  const all: Sweep[] = [
    { ...plain, name: "retry", status: "failed", path: "/retry" },
    { ...plain, name: "cancel", status: "queued", path: "/cancel" },
    {
      name: `deletion, results of 64 KiB, ${2 * jobs} notices`,
      status: "completed",
      jobs: few,
      resultBytes: RESULT_BYTES,
      notices: 2 * jobs,
      method: "DELETE",
      path: "",
    },
  ];
  const prepared = await serve("sweeping", folder);
  const ids = await Promise.all(all.map(() => prepared.api.newGroup(1)));
  const quiet = await quietGroup(prepared);
  await prepared.kill();
  alter(folder, (database) => {
    for (const [index, sweep] of all.entries()) fill(database, ids[index] ?? "", sweep);
  });
  const server = await restart(folder);
  const rows: (string | number)[][] = [];
  for (const [index, sweep] of all.entries()) {
    rows.push(await measured(server, `${BASE}/${ids[index]}`, sweep, quiet(server)));
  }
  await server.kill();
  const head = [
    "",
    "jobs",
    "answer, s",
    "in all, s",
    "longest statement of each 0.1 s, ms: median, p95, most",
    "the other's GET, ms: p50",
    "p95",
    "most",
  ];
  return table(head, rows);
}

/** Changes the group with its one job into one of so many, as if they had come to this by themselves. */
function fill(database: DatabaseSync, group: string, sweep: Sweep): void {
  const { status, jobs, resultBytes, notices } = sweep;
  const each = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)";
  const isOver = status !== "queued";
  database.exec("BEGIN");
  database
    .prepare(
      `${each} INSERT INTO job (key, keyed, group_id, id, workspace, document_name, document_url, status, attempts, created_at, updated_at,
        completed_at, error, error_code, extracted_data)
      SELECT ${keyText("job_group.rowid", "i")}, 1, '${group}', printf('%05x', i) || '0123456789abcdef012', workspace, 'invoice-' || i || '.pdf',
        'https://files.example.com/invoice-' || i || '.pdf', '${status}', ${Number(isOver)}, 1, 1, ${isOver ? 1 : "NULL"},
        ${status === "failed" ? "'The document is unreadable.', 'unreadable'" : "NULL, NULL"},
        ${resultBytes > 0 ? `randomblob(${resultBytes})` : "NULL"}
      FROM n, job_group WHERE job_group.id = '${group}'`,
    )
    .run(jobs - 1);
  database.exec(
    `UPDATE job SET status = '${status}', completed_at = ${isOver ? 1 : "NULL"} WHERE group_id = '${group}'`,
  );
  database.exec(
    isOver
      ? `UPDATE job_group SET total_jobs = ${jobs}, pending_jobs = 0, ${status}_jobs = ${jobs}, fresh_from = ${jobs},
          status = '${status}', completed_at = 1, due_at = NULL WHERE id = '${group}'`
      : `UPDATE job_group SET total_jobs = ${jobs}, pending_jobs = ${jobs} WHERE id = '${group}'`,
  );
  if (notices > 0) {
    database
      .prepare(
        `${each} INSERT INTO delivery (group_id, id, workspace, run, event, channel, destination, payload, status, attempts,
          delivered_at, created_at)
        SELECT '${group}', printf('%08d', i), workspace, 1, 'job.completed', 'webhook', 'w', '{"type":"job.completed"}',
          'delivered', 1, ${Date.now()}, 1 FROM n, job_group WHERE job_group.id = '${group}'`,
      )
      .run(notices);
  }
  database.exec("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

type Spent = Cost & { readonly isRemoving: boolean };
type Send = () => Promise<Response>;

async function quietGroup({ url, api }: Server): Promise<(server: Server) => Send> {
  const input = { name: "Quiet", workspace: "quiet", scopes: ["groups:read", "groups:write"] };
  const { key } = await api.data("POST", "/api-key", input);
  const headers = { "api-key": key as string, "content-type": "application/json" };
  const body = JSON.stringify({ name: "Quiet", template: "t" });
  const created = await fetch(url + BASE, { method: "POST", headers, body });
  const { data }: Json = await created.json();
  return (server) => () => fetch(`${server.url}${BASE}/${data._id}`, { headers });
}

/** Reads without pause until it is told to end. */
function reading(send: Send) {
  const state = { isOver: false };
  const all: number[] = [];
  const done = (async () => {
    while (!state.isOver) {
      const startedAt = performance.now();
      const answer = await send();
      await answer.arrayBuffer();
      if (answer.status !== 200) throw new Error(`the quiet reader got ${answer.status}`);
      all.push(performance.now() - startedAt);
    }
  })();
  return async () => {
    state.isOver = true;
    await done;
    return all;
  };
}

/** The longest statement in each tenth of a second, until all is done. */
async function watched(server: Server, work: Promise<unknown>): Promise<number[]> {
  const state = { isAnswered: false };
  void work.then(() => (state.isAnswered = true));
  const longest: number[] = [];
  for (let isOver = false; !isOver; await sleep(WINDOW_MS)) {
    const wasAnswered = state.isAnswered;
    const spent: Spent = await (await fetch(`${server.url}/cost`)).json();
    if (spent.statements > 0) longest.push(spent.longestMs);
    isOver = wasAnswered && !spent.isRemoving;
  }
  return longest;
}

async function measured(
  server: Server,
  path: string,
  { name, jobs, ...sweep }: Sweep,
  read: Send,
): Promise<(string | number)[]> {
  const endCalm = reading(read);
  await sleep(CALM_MS);
  const calm = await endCalm();
  const end = reading(read);
  const startedAt = performance.now();
  const url = server.url + path + sweep.path;
  const answer = fetch(url, { method: sweep.method, headers: HEADERS }).then(async (response) => {
    await response.arrayBuffer();
    if (response.status !== 200) throw new Error(`${name}: ${response.status}`);
    return performance.now() - startedAt;
  });
  const statements = await watched(server, answer);
  const seconds = [await answer, performance.now() - startedAt].map((ms) =>
    (ms / 1_000).toFixed(2),
  );
  const meanwhile = await end();
  const shown = [0.5, 0.95, 1].map((share) => quantile(statements, share).toFixed(0)).join(", ");
  const reads = [0.5, 0.95, 1].map((share) => {
    const [was, is] = [quantile(calm, share), quantile(meanwhile, share)];
    return `${was.toFixed(1)} → ${is.toFixed(1)}`;
  });
  return [name, jobs, ...seconds, shown, ...reads];
}
