import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { BASE } from "../support/client.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { load, table, type Scale } from "./load.ts";
import { restart, serveSeeded } from "./servers.ts";

const GROUPS = 10_000;
const mebibytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;

/** Size of the bundle, time to the first answer, memory under load and while a large group is listed. */
export async function footprint(folder: string, { jobs, seconds }: Scale): Promise<string> {
  const server = await serveSeeded("api", folder, GROUPS);
  await server.kill();
  const bundle = readFileSync(join(folder, "bundle", "index.js"));
  const started = await restart(folder);
  const startedAt = performance.now();
  await (await fetch(`${started.url}/health`)).text();
  const firstMs = performance.now() - startedAt;

  const idle = await started.memory();
  const requests = [{ method: "GET" as const }];
  const loaded = await peak(started, () =>
    load(started.url, requests, { connections: 64, seconds }),
  );
  const group = await started.api.newGroup(jobs);
  const before = await started.memory();
  const listed = await peak(started, async () => {
    const response = await fetch(`${started.url}${BASE}/${group}/jobs`, { headers: HEADERS });
    for await (const _ of response.body ?? []) continue;
  });
  await started.kill();
  return table(
    ["what", "measured", "target"],
    [
      ["bundle, gzip", `${(gzipSync(bundle).length / 1024).toFixed(0)} KiB`, "≤ 250 KiB"],
      ["first answer of a new process", `${firstMs.toFixed(0)} ms`, "< 100 ms"],
      ["workerd before any load", mebibytes(idle), ""],
      ["workerd, peak under 64 clients that list", mebibytes(loaded), ""],
      [
        `workerd, growth while ${jobs} jobs are listed`,
        mebibytes(Math.max(0, listed - before)),
        "",
      ],
    ],
  );
}

/** The most memory that the server had at any time of the work. */
export async function peak(server: Server, work: () => Promise<unknown>): Promise<number> {
  let most = await server.memory();
  const done = new AbortController();
  const watching = (async () => {
    for (; !done.signal.aborted; await sleep(50)) most = Math.max(most, await server.memory());
  })();
  await work();
  done.abort();
  await watching;
  return most;
}
