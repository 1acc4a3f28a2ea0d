import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { BASE } from "../support/client.ts";
import { median, quantile } from "../support/statistics.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { peak } from "./footprint.ts";
import { type Scale, table } from "./load.ts";
import { alter, restart, serve } from "./servers.ts";

const RESULT_BYTES = 5_000;
const IDLE_READS = 500;
const FORMS = [
  ["NDJSON", "", 1],
  ["CSV, 3 fields", "?format=csv&fields=/a,/b,/text", 1],
  ["CSV without fields", "?format=csv", 1],
  ["NDJSON, 8 exports at once", "", 8],
] as const;

/** Exports of a large group with large results, and the time of other requests meanwhile. */
export async function results(folder: string, { jobs }: Scale): Promise<string> {
  const server = await serve("counting", folder);
  const [group, other] = [await server.api.newGroup(jobs), await server.api.newGroup(1)];
  await server.kill();
  alter(folder, (database) => {
    const extracted = `'{"a":1,"b":"x","text":"' || hex(randomblob(${RESULT_BYTES / 2 - 15})) || '"}'`;
    database
      .prepare(
        `UPDATE job SET status = 'completed', extracted_data = ${extracted} WHERE group_id = ?`,
      )
      .run(group);
  });
  const rows: (string | number)[][] = [];
  for (const [name, query, exports] of FORMS) {
    const running = await restart(folder);
    await readUntil(running, other, () => false);
    const idle = await readUntil(running, other, () => false);
    rows.push([
      name,
      ...(await measure(running, `${group}/results${query}`, exports, other, idle)),
    ]);
    await running.kill();
  }
  const head = [
    "export",
    "jobs/s",
    "MB/s",
    "rows read a job",
    "growth of workerd",
    "GET, p50 and p99",
  ];
  return `${jobs} jobs with ${RESULT_BYTES} bytes each, and another group's GET meanwhile:\n\n${table(head, rows)}`;
}

async function measure(
  server: Server,
  path: string,
  exports: number,
  other: string,
  idle: readonly number[],
): Promise<(string | number)[]> {
  await server.api.data("GET", "/counted");
  const before = await server.memory();
  const startedAt = performance.now();
  let sizes: number[] | undefined;
  let busy: number[] = [];
  const most = await peak(server, async () => {
    const all = Promise.all(
      Array.from({ length: exports }, () => download(`${server.url}${BASE}/${path}`)),
    ).then((done) => (sizes = done));
    busy = await readUntil(server, other, () => sizes === undefined);
    await all;
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  const { rowsRead } = await server.api.data("GET", "/counted");
  const bytes = (sizes ?? []).reduce((sum, size) => sum + size, 0);
  const jobs = exports * (await jobsOf(server, path));
  const times = (share: number) => (quantile(busy, share) / quantile(idle, share)).toFixed(1);
  return [
    Math.round(jobs / seconds),
    (bytes / 1e6 / seconds).toFixed(0),
    ((rowsRead - busy.length) / jobs).toFixed(1),
    `${Math.round(Math.max(0, most - before) / 2 ** 20)} MiB`,
    `${median(busy).toFixed(1)} and ${quantile(busy, 0.99).toFixed(1)} ms, × ${times(0.5)} and × ${times(0.99)}`,
  ];
}

const jobsOf = async ({ api }: Server, path: string): Promise<number> =>
  (await api.data("GET", `${BASE}/${path.split("/")[0]}`)).totalJobs;

/** In a process of its own, so that what reads here is not what makes others wait. */
async function download(url: string): Promise<number> {
  const args = [
    "-sSf",
    "-o",
    "/dev/null",
    "-w",
    "%{size_download}",
    "-H",
    `api-key: ${HEADERS["api-key"]}`,
    url,
  ];
  return Number((await promisify(execFile)("curl", args)).stdout);
}

/** The times of reads of one group, one after the other: so many, and on while there is a reason. */
async function readUntil(server: Server, group: string, goOn: () => boolean): Promise<number[]> {
  const times: number[] = [];
  while (times.length < IDLE_READS || goOn()) {
    const startedAt = performance.now();
    await server.api.data("GET", `${BASE}/${group}`);
    times.push(performance.now() - startedAt);
  }
  return times;
}
