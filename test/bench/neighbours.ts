import { BASE, type Json } from "../support/client.ts";
import { workerOptions } from "../support/worker-options.ts";
import type { Server } from "../support/worker-server.ts";
import { quantile } from "../support/statistics.ts";
import { type Attack, beHostile } from "./hostile.ts";
import { type Scale, table } from "./load.ts";
import { paced } from "./paced.ts";
import { seed } from "./seed.ts";
import { alter, restart, serve } from "./servers.ts";
import type { Cost } from "./workers/meter.ts";
import { seedJobs, worstRequests } from "./worst-requests.ts";

const CONNECTIONS = 50;
const PACE_MS = 50;
const TARGET = 5;
/** The windows in which limits count calls. */
const WINDOW_MS = 10_000;
const WARM_UP_SECONDS = 1;

/**
 * One workspace sends the worst requests it can, without pause and whatever is answered; another one reads a group. The Worker
 * has the limits of a deployment. Each attack begins with a window in which nothing is counted yet, on a server of its own:
 * requests of an attack that is over go on to their end.
 */
export async function neighbours(
  folder: string,
  { seconds, distant }: Scale,
  wanted = "",
): Promise<string> {
  const groups = distant ? 100_000 : 10_000;
  const first = await seededServer(folder, groups);
  const reader = await newReader(first);
  const kinds = await worstRequests(first);
  await first.kill();
  const rows: (string | number)[][] = [];
  for (const [name, attacks] of Object.entries(kinds)) {
    if (!name.includes(wanted)) continue;
    const server = await restart(folder);
    rows.push([name, ...(await underAttack(server, attacks, reader, seconds))]);
    await server.kill();
    console.error(rows.at(-1)?.join(" | "));
  }
  const head = [
    "the other sends",
    "a second",
    "KiB answered",
    "refused",
    "p50 ms",
    "",
    "p99 ms",
    "",
  ];
  return (
    `GET of a group every ${PACE_MS} ms, while another workspace of ${groups} groups sends on ${CONNECTIONS} connections; ` +
    `p50 is to stay below × ${TARGET}:\n\n` +
    table([...head, "D1 busy", "longest statement, ms"], rows)
  );
}

/** The requests that were answered, the latencies of the reader, and what D1 had to do. */
async function underAttack(
  { url }: Server,
  attacks: readonly Attack[],
  { path, headers }: Reader,
  seconds: number,
): Promise<(string | number)[]> {
  const busy = (): Promise<Cost> => fetch(`${url}/busy`).then(dataOf);
  const read = async (): Promise<void> => {
    const answer = await fetch(url + path, { headers });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`the quiet reader got ${answer.status}`);
  };
  await paced(read, PACE_MS, WARM_UP_SECONDS);
  await untilNextWindow(seconds * 1_000);
  const calm = await paced(read, PACE_MS, seconds);
  await untilNextWindow(0);
  const end = beHostile(url, attacks, CONNECTIONS);
  await paced(read, PACE_MS, 1);
  await busy();
  const from = performance.now();
  const beside = await paced(read, PACE_MS, 2 * seconds);
  const elapsedMs = performance.now() - from;
  const { busyMs, longestMs } = await busy();
  const { byStatus, kib } = await end();
  const sent = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  return [
    (sent / (1 + 2 * seconds)).toFixed(sent < 100 ? 1 : 0),
    (kib / (1 + 2 * seconds)).toFixed(0),
    sent === 0 ? "" : `${Math.round((100 * (byStatus[429] ?? 0)) / sent)} %`,
    ...[0.5, 0.99].flatMap((share) => compared(quantile(calm, share), quantile(beside, share))),
    `${Math.round((100 * busyMs) / elapsedMs)} %`,
    longestMs.toFixed(0),
  ];
}

async function seededServer(folder: string, groups: number): Promise<Server> {
  const empty = await serve("busy", folder, {
    LIMITS: JSON.stringify(workerOptions().worker.ratelimits),
  });
  await empty.kill();
  alter(folder, (database) => {
    seed(database, groups);
    seedJobs(database);
  });
  return restart(folder);
}

const dataOf = async (answer: Response): Promise<Json> => ((await answer.json()) as Json).data;

const compared = (was: number, is: number): string[] => [
  `${was.toFixed(1)} → ${is.toFixed(1)}`,
  `× ${(is / was).toFixed(1)}`,
];

interface Reader {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function newReader({ url, api }: Server): Promise<Reader> {
  const scopes = ["groups:read", "groups:write"];
  const { key } = await api.data("POST", "/api-key", { name: "Quiet", workspace: "quiet", scopes });
  const headers = { "api-key": key as string, "content-type": "application/json" };
  const body = JSON.stringify({ name: "Quiet", template: "t" });
  const { _id } = await fetch(url + BASE, { method: "POST", headers, body }).then(dataOf);
  return { path: `${BASE}/${_id}`, headers };
}

/** Until the next window, or the one after it when less than `leastMs` is left. */
async function untilNextWindow(leastMs: number): Promise<void> {
  const left = WINDOW_MS - (Date.now() % WINDOW_MS);
  if (leastMs > 0 && left > leastMs) return;
  await new Promise((resolve) => setTimeout(resolve, left));
}
