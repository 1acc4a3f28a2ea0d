import { Agent } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { BASE, type Json } from "../support/client.ts";
import { median, quantile } from "../support/statistics.ts";
import { HEADERS } from "../support/worker-server.ts";
import { exchange } from "./exchange.ts";
import { type Scale, table } from "./load.ts";
import { alter, serve } from "./servers.ts";

const CLIENTS = 64;
/** Without it the naive way would also go through all the jobs that are done. */
export const NAIVE_INDEX = "CREATE INDEX naive_queue ON job (group_id, id) WHERE status = 'queued'";
const WAYS = [
  "naive",
  "naive, without a session",
  "coordinator",
  "coordinator, claimNext",
  "coordinator, claimNext, waitSeconds",
] as const;
type Way = (typeof WAYS)[number];
const isNaive = (way: Way): boolean => way.startsWith("naive");
const COUNTS = [1, 8, 100] as const;
/** Times naive, by the number of groups: without and with `claimNext`. */
export const TARGETS = { 1: [1, 4], 8: [1, 1.5], 100: [1, 1.5] } as const;
const targetOf = (way: Way, count: keyof typeof TARGETS): string =>
  isNaive(way) ? "" : `≥ ${TARGETS[count][Number(way !== "coordinator")]}`;

const SETTINGS = { parallelJobs: 10 };
const FAR_MS = 5;
/** An object sleeps after ten seconds without a call, which are over when its groups' turn comes again. */
const WAKING_SECONDS = 1;
const [MOST_ROUNDS, MOST_SECONDS] = [3, 2];
const MOST_JOBS_A_SECOND = 1_500;

/** Jobs completed a second by 64 processors that claim, complete and claim again. */
export async function processing(folder: string, wanted: Scale): Promise<string> {
  const prepared = await serve("api", folder);
  const { distant } = wanted;
  const seconds = Math.min(wanted.seconds, MOST_SECONDS);
  const scale = { rounds: Math.min(wanted.rounds, MOST_ROUNDS), seconds };
  // The first round warms the objects up; both distances work on the same groups.
  const jobs =
    MOST_JOBS_A_SECOND * (WAKING_SECONDS + seconds) * (scale.rounds + 1) * (distant ? 2 : 1);
  const groups = new Map<string, string[]>();
  for (const way of WAYS) {
    for (const count of COUNTS) {
      const each = Math.ceil(jobs / count);
      const ids = Array.from({ length: count }, () =>
        prepared.api.newGroup(each, { settings: SETTINGS }),
      );
      groups.set(`${way} ${count}`, await Promise.all(ids));
    }
  }
  await prepared.kill();
  alter(folder, (database) => database.exec(NAIVE_INDEX));
  const near = await measure(folder, 0, groups, scale);
  const far = distant ? await measure(folder, FAR_MS, groups, scale) : [];
  return table(
    ["D1", "groups", "way", "jobs/s", "times naive", "target", "p99 of a request, ms"],
    [
      ...near.map((row) => ["as it is", ...row]),
      ...far.map((row) => [`${FAR_MS} ms away`, ...row]),
    ],
  );
}

async function measure(
  folder: string,
  awayMs: number,
  groups: ReadonlyMap<string, string[]>,
  { rounds, seconds }: Pick<Scale, "rounds" | "seconds">,
): Promise<(string | number)[][]> {
  const measured = new Map<string, Worked[]>();
  for (const kind of ["naive", "api"] as const) {
    const distances = { WORKER_D1_MS: awayMs, OBJECT_D1_MS: awayMs };
    const far = () => serve(`distant-${kind}`, folder, distances);
    const server = await (awayMs > 0 ? far() : serve(kind, folder));
    for (let round = -1; round < rounds; round++) {
      for (const way of WAYS.filter((way) => isNaive(way) === (kind === "naive"))) {
        for (const count of COUNTS) {
          const name = `${way} ${count}`;
          const worked = await work(server.url, groups.get(name) ?? [], way, seconds, {
            leadSeconds: WAKING_SECONDS,
          });
          if (round >= 0) measured.set(name, [...(measured.get(name) ?? []), worked]);
        }
      }
    }
    await server.kill();
  }
  const of = (way: Way, count: number, what: keyof Worked) =>
    median((measured.get(`${way} ${count}`) ?? []).map((worked) => worked[what]));
  return COUNTS.flatMap((count) =>
    WAYS.map((way) => {
      const rate = of(way, count, "rate");
      const times = (rate / of("naive", count, "rate")).toFixed(1);
      const p99 = of(way, count, "p99Ms").toFixed(1);
      return [count, way, Math.round(rate), times, targetOf(way, count), p99];
    }),
  );
}

export interface Worked {
  readonly rate: number;
  readonly p99Ms: number;
}

interface Lease {
  readonly jobId: string;
  readonly groupId: string;
  readonly leaseId: string;
}

/**
 * Each processor claims, completes and claims again; one that got nothing waits a moment, or has its claim held back
 * until the end of the round: the processor kit asks for 20 s. Reports before the lead-in's end and after that of the round,
 * and the time of a claim that was held back, are not counted. The naive Worker commits through a session, as the API does
 * to answer a bookmark.
 */
export async function work(
  url: string,
  groups: readonly string[],
  way: Way,
  seconds: number,
  { headers = HEADERS, clients = CLIENTS, leadSeconds = 0 } = {},
): Promise<Worked> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const from = performance.now() + leadSeconds * 1_000;
  const until = from + seconds * 1_000;
  const times: number[] = [];
  let completed = 0;
  const query = way === "naive" ? "?session" : "";
  const claimNext = way.includes("claimNext");
  const waits = way.includes("waitSeconds");
  const timed = async (path: string, body: object): Promise<Json> => {
    const startedAt = performance.now();
    const answer = await exchange(agent, "POST", url + BASE + path + query, body, headers);
    if (startedAt >= from && !("waitSeconds" in body)) times.push(performance.now() - startedAt);
    return answer;
  };
  const processor = async (): Promise<void> => {
    let lease: Lease | undefined;
    // What it holds it finishes: a lease left over would take a place in the next round.
    for (let open = true; open || lease !== undefined; open = performance.now() < until) {
      if (lease === undefined) {
        const group = groups[Math.floor(Math.random() * groups.length)];
        const waitSeconds = Math.ceil((until - performance.now()) / 1_000);
        const claim = { workerId: "bench", maxJobs: 1, ...(waits && { waitSeconds }) };
        [lease] = await timed(`/${group}/jobs/claim`, claim);
        if (lease === undefined && !waits) await sleep(200 + Math.random() * 200);
      } else {
        const path = `/${lease.groupId}/jobs/${lease.jobId}/complete`;
        const report = { leaseId: lease.leaseId, claimNext: open && claimNext };
        const { next } = await timed(path, report);
        const now = performance.now();
        if (now >= from && now < until) completed++;
        lease = next?.lease;
      }
    }
  };
  await Promise.all(Array.from({ length: clients }, processor));
  agent.destroy();
  const p99Ms = quantile(times, 0.99);
  return { rate: completed / seconds, p99Ms };
}
