/**
 * A group at its limit of 100,000 jobs: filled, listed, cancelled, and another one deleted, while the
 * clients of a small group go on.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { audit } from "./audit.ts";
import { addJobs, newGroup, worldOf } from "./clients.ts";
import { conclude } from "./conclude.ts";
import { Ledger } from "./ledger.ts";
import { BASE } from "../support/client.ts";
import { freePort } from "../support/port.ts";
import { quantile } from "../support/statistics.ts";
import { buildWorker, type Server, startServer, workFolder } from "../support/worker-server.ts";

const [JOBS, JOBS_A_CALL, PROBED_JOBS] = [100_000, 1_000, 1_000];
const MOST_GROWTH_MB = 64;
/** Read page by page, the list must let others in between; without that they wait for its end. */
const LONGEST_WAIT_MS = 1_000;

const folder = workFolder();
await buildWorker(folder);
const port = await freePort();
let server = startServer(folder, port);
await server.ready;
const ledger = new Ledger();
const world = worldOf(ledger, [server.api]);
const probed = await newGroup(world, PROBED_JOBS, { parallelJobs: 10 });
const rows: Record<string, Record<string, number>> = {};
const faults: Record<string, number> = {};

const check = (what: string, holds: boolean) => (faults[`${what}: wrong`] = holds ? 0 : 1);

/** Does the work while another group's GET and claim are timed. */
async function measure<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const before = await server.memory();
  let peak = before;
  const reads: number[] = [];
  const claims: number[] = [];
  const worked = new AbortController();
  const watching = Promise.all([watchMemory(), probe()]);
  const result = await work();
  const seconds = (performance.now() - startedAt) / 1000;
  worked.abort();
  await watching;
  rows[name] = {
    seconds: Number(seconds.toFixed(2)),
    "MB before": Math.round(before / 2 ** 20),
    "MB growth": Math.round((peak - before) / 2 ** 20),
    probes: reads.length,
    "GET p50 ms": Math.round(quantile(reads, 0.5)),
    "GET max ms": Math.round(quantile(reads, 1)),
    "claim p50 ms": Math.round(quantile(claims, 0.5)),
    "claim max ms": Math.round(quantile(claims, 1)),
  };
  return result;

  async function watchMemory(): Promise<void> {
    for (; !worked.signal.aborted; await sleep(50)) peak = Math.max(peak, await server.memory());
  }

  async function probe(): Promise<void> {
    for (; !worked.signal.aborted; await sleep(20)) {
      reads.push(await timed(() => server.api.data("GET", `${BASE}/${probed}`)));
      const claim = { workerId: "probe", maxJobs: 1 };
      let leases: { jobId: string; leaseId: string }[] = [];
      const path = `${BASE}/${probed}/jobs`;
      claims.push(
        await timed(async () => (leases = await server.api.data("POST", `${path}/claim`, claim))),
      );
      for (const { jobId, leaseId } of leases) {
        await server.api.data("POST", `${path}/${jobId}/release`, { leaseId });
      }
    }
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function fill(group: string): Promise<void> {
  for (let added = JOBS_A_CALL; added < JOBS; added += JOBS_A_CALL) {
    await addJobs(world, group, JOBS_A_CALL);
  }
}

/** A process that has done nothing yet shows what the next thing takes. */
async function restart(): Promise<Server> {
  await server.kill();
  const fresh = startServer(folder, port);
  await fresh.ready;
  for (let warm = 0; warm < 20; warm++) await fresh.api.data("GET", `${BASE}/${probed}`);
  return fresh;
}

const cancelled = await newGroup(world, JOBS_A_CALL, {});
await measure("add 100,000 in 100 calls", () => fill(cancelled));
const deleted = await newGroup(world, JOBS_A_CALL, {});
await fill(deleted);

server = await restart();
const { body: list } = await measure("list 100,000", () =>
  server.api.call("GET", `${BASE}/${cancelled}/jobs`),
);
const numbers = new Set(list.data.map(({ jobNumber }: { jobNumber: string }) => jobNumber));
check("list", list.total === JOBS && list.data.length === JOBS && numbers.size === JOBS);
const listing = rows["list 100,000"];
check("memory of the list", (listing?.["MB growth"] ?? Infinity) < MOST_GROWTH_MB);
const waits = [listing?.["GET max ms"] ?? Infinity, listing?.["claim max ms"] ?? Infinity];
check("other groups during the list", Math.max(...waits) < LONGEST_WAIT_MS);

const after = await measure("cancel 100,000", () =>
  server.api.data("POST", `${BASE}/${cancelled}/cancel`),
);
check("cancel", after.status === "cancelled" && after.cancelledJobs === JOBS);

const gone = await measure("delete 100,000", () => server.api.call("DELETE", `${BASE}/${deleted}`));
const { status } = await server.api.call("GET", `${BASE}/${deleted}`);
check("delete", gone.status === 200 && status === 404);

await server.kill();
ledger.added.delete(deleted);
audit(folder, ledger);
console.table(rows);
conclude({}, { ...faults, ...ledger.violations });
process.exit();
