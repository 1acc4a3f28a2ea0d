import { Agent } from "node:http";
import { BASE, type Json } from "../support/client.ts";
import { median, quantile } from "../support/statistics.ts";
import { exchange } from "./exchange.ts";
import { type Scale, table } from "./load.ts";
import { serve } from "./servers.ts";
import type { Distances } from "./workers/distances.ts";

/** Between two regions, as from the east of North America to the west of Europe; and within one. */
const [ACROSS_MS, WITHIN_MS] = [80, 1];
const PROCESSORS = [1, 10] as const;
const JOBS_A_SECOND = 2;

const PLACES: readonly (readonly [name: string, distances: Distances])[] = [
  ["near its caller", { WORKER_OBJECT_MS: WITHIN_MS, OBJECT_D1_MS: ACROSS_MS }],
  ["beside the database", { WORKER_OBJECT_MS: ACROSS_MS, OBJECT_D1_MS: WITHIN_MS }],
];

/** The time of claim and complete for a caller far from the database, by the place of the group's object. */
export async function places(folder: string, { rounds, seconds }: Scale): Promise<string> {
  const rows: string[][] = [];
  for (const [name, distances] of PLACES) {
    const server = await serve("distant-api", `${folder}/${rows.length}`, {
      ...distances,
      WORKER_D1_MS: ACROSS_MS,
    });
    const agent = new Agent({ keepAlive: true });
    const send = (path: string, body: object) =>
      exchange(agent, "POST", `${server.url}${BASE}${path}`, body);
    for (const processors of PROCESSORS) {
      const jobs = Math.max(10, rounds * seconds * JOBS_A_SECOND);
      const settings = { parallelJobs: processors };
      const group = await server.api.newGroup(processors * jobs, { settings });
      const times: number[][] = await Promise.all(
        Array.from({ length: processors }, () => work(send, group, jobs)),
      );
      // The first job of each waits for the object to be made and to read its group.
      const first = times.map(([ms]) => ms ?? 0);
      const later = times.flatMap(([, ...later]) => later);
      rows.push([name, processors, median(first), median(later), quantile(later, 0.99)].map(shown));
    }
    agent.destroy();
    await server.kill();
  }
  const head = ["the object is", "processors", "first job, ms", "each later job, ms", "p99"];
  return `Claim and complete together, the caller ${ACROSS_MS} ms from the database:\n\n${table(head, rows)}`;
}

const shown = (cell: string | number, column: number): string =>
  typeof cell === "number" && column > 1 ? cell.toFixed(0) : String(cell);

/** One processor: the milliseconds of claim and complete for each of its jobs. */
async function work(
  send: (path: string, body: object) => Promise<Json>,
  group: string,
  jobs: number,
): Promise<number[]> {
  const times: number[] = [];
  while (times.length < jobs) {
    const startedAt = performance.now();
    const [lease] = await send(`/${group}/jobs/claim`, { workerId: "bench", maxJobs: 1 });
    await send(`/${group}/jobs/${lease.jobId}/complete`, { leaseId: lease.leaseId });
    times.push(performance.now() - startedAt);
  }
  return times;
}
