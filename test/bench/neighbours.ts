import { BASE, type Json } from "../support/client.ts";
import { workerOptions } from "../support/worker-options.ts";
import type { Server } from "../support/worker-server.ts";
import { quantile } from "../support/statistics.ts";
import { beHostile } from "./hostile.ts";
import { type Scale, table } from "./load.ts";
import { seed } from "./seed.ts";
import { alter, restart, serve } from "./servers.ts";
import type { Cost } from "./workers/meter.ts";
import { seedJobs, worstRequests } from "./worst-requests.ts";

const CONNECTIONS = 50;
/** The reader does not wait for an answer before it asks again: else it would ask least when it waits longest. */
const PACE_MS = 50;
const TARGET = 5;
/** The windows in which limits count calls. */
const WINDOW_MS = 10_000;

type Send = () => Promise<number>;

/**
 * One workspace sends the worst requests it can, without pause and whatever is answered; another one reads a group. The Worker
 * has the limits of a deployment. Each attack begins with a window in which nothing is counted yet.
 */
export async function neighbours(
  folder: string,
  { seconds, distant }: Scale,
  wanted = "",
): Promise<string> {
  const groups = distant ? 100_000 : 10_000;
  const server = await seededServer(folder, groups);
  const read = await quietReader(server);
  const busy = (): Promise<Cost> => fetch(`${server.url}/busy`).then(dataOf);
  const rows: (string | number)[][] = [];
  for (const [name, attacks] of Object.entries(await worstRequests(server))) {
    if (!name.includes(wanted)) continue;
    await untilNextWindow(seconds * 1_000);
    const calm = await latencies(read, seconds);
    await untilNextWindow(0);
    const end = beHostile(attacks, CONNECTIONS);
    await latencies(read, 1);
    await busy();
    const from = performance.now();
    const beside = await latencies(read, 2 * seconds);
    const elapsedMs = performance.now() - from;
    const { busyMs, longestMs } = await busy();
    const answers = await end();
    const sent = Object.values(answers).reduce((sum, count) => sum + count, 0);
    rows.push([
      name,
      Math.round(sent / (1 + 2 * seconds)),
      sent === 0 ? "" : `${Math.round((100 * (answers[429] ?? 0)) / sent)} %`,
      ...[0.5, 0.99].flatMap((share) => compared(quantile(calm, share), quantile(beside, share))),
      `${Math.round((100 * busyMs) / elapsedMs)} %`,
      longestMs.toFixed(0),
    ]);
    console.error(rows.at(-1)?.join(" | "), JSON.stringify(answers));
  }
  await server.kill();
  const head = ["the other sends", "a second", "refused", "p50 ms", "", "p99 ms", ""];
  return (
    `GET of a group every ${PACE_MS} ms, while another workspace of ${groups} groups sends on ${CONNECTIONS} connections; ` +
    `p50 is to stay below × ${TARGET}:\n\n` +
    table([...head, "D1 busy", "longest statement, ms"], rows)
  );
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

async function quietReader({ url, api }: Server): Promise<Send> {
  const scopes = ["groups:read", "groups:write"];
  const { key } = await api.data("POST", "/api-key", { name: "Quiet", workspace: "quiet", scopes });
  const headers = { "api-key": key as string, "content-type": "application/json" };
  const body = JSON.stringify({ name: "Quiet", template: "t" });
  const { _id } = await fetch(url + BASE, { method: "POST", headers, body }).then(dataOf);
  return async () => {
    const answer = await fetch(`${url}${BASE}/${_id}`, { headers });
    await answer.arrayBuffer();
    return answer.status;
  };
}

/** Until the next window, or the one after it when less than `leastMs` is left. */
async function untilNextWindow(leastMs: number): Promise<void> {
  const left = WINDOW_MS - (Date.now() % WINDOW_MS);
  if (leastMs > 0 && left > leastMs) return;
  await new Promise((resolve) => setTimeout(resolve, left));
}

/** One request after each pace. */
async function latencies(send: Send, seconds: number): Promise<number[]> {
  const timed = async (nth: number): Promise<number> => {
    const at = begun + nth * PACE_MS;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
    const status = await send();
    if (status !== 200) throw new Error(`the quiet reader got ${status}`);
    return performance.now() - at;
  };
  const begun = performance.now();
  return Promise.all(Array.from({ length: (seconds * 1_000) / PACE_MS }, (_, nth) => timed(nth)));
}
