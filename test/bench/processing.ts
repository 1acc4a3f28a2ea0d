import type autocannon from "autocannon";
import { BASE, data } from "../crash/harness.ts";
import { load, median, table, type Scale } from "./load.ts";
import { alter, serve } from "./servers.ts";

const CONNECTIONS = 64;
/** Without it the naive way would also go through all the jobs that are done. */
const INDEX = "CREATE INDEX naive_queue ON job (group_id, id) WHERE status = 'queued'";
const WAYS = ["naive", "coordinator", "coordinator, claimNext"] as const;
type Way = (typeof WAYS)[number];

/** Jobs completed a second: claim, complete, and again, on 64 connections. */
export async function processing(folder: string, { rounds, seconds }: Scale): Promise<string> {
  const prepared = await serve("api", folder);
  const groups = new Map<string, string[]>();
  for (let round = 0; round < rounds; round++) {
    for (const way of WAYS) {
      const hot = await newGroup(prepared.url, 2_500 * seconds);
      groups.set(`${way} 1 ${round}`, [hot]);
      const many = Array.from({ length: 100 }, () => newGroup(prepared.url, 40 * seconds));
      groups.set(`${way} 100 ${round}`, await Promise.all(many));
    }
  }
  await prepared.kill();
  alter(folder, (database) => database.exec(INDEX));
  const measured = new Map<string, { rate: number; p99Ms: number }[]>();
  for (const way of ["naive", "coordinator"] as const) {
    const server = await serve(way === "naive" ? "naive" : "api", folder);
    for (let round = 0; round < rounds; round++) {
      for (const each of WAYS.filter((name) => name.startsWith(way))) {
        for (const count of [1, 100]) {
          const ids = groups.get(`${each} ${count} ${round}`) ?? [];
          const result = await work(server.url, ids, each, seconds);
          const name = `${each} ${count}`;
          measured.set(name, [...(measured.get(name) ?? []), result]);
        }
      }
    }
    await server.kill();
  }
  const of = (way: Way, count: number) => {
    const results = measured.get(`${way} ${count}`) ?? [];
    const rate = median(results.map((result) => result.rate));
    return { rate, p99Ms: median(results.map((result) => result.p99Ms)) };
  };
  return table(
    ["groups", "way", "jobs/s", "times naive", "p99 of a request, ms"],
    [1, 100].flatMap((count) =>
      WAYS.map((way) => {
        const { rate, p99Ms } = of(way, count);
        return [count, way, Math.round(rate), (rate / of("naive", count).rate).toFixed(1), p99Ms];
      }),
    ),
  );
}

/** A released group with jobs. */
async function newGroup(url: string, jobs: number): Promise<string> {
  const processingSettings = { parallelJobs: 10 };
  const { _id } = await data(url, "POST", "", { name: "Bench", template: "t", processingSettings });
  for (let left = jobs; left > 0; left -= 1_000) {
    const names = Array.from({ length: Math.min(left, 1_000) }, () => ({ documentName: "a.pdf" }));
    await data(url, "POST", `/${_id}/jobs`, { jobs: names });
  }
  await data(url, "POST", `/${_id}/process`);
  return _id as string;
}

interface Context {
  lease?: { jobId: string; groupId: string; leaseId: string };
}

async function work(url: string, groups: readonly string[], way: Way, seconds: number) {
  let completed = 0;
  const claim: autocannon.Request = {
    method: "POST",
    body: JSON.stringify({ workerId: "bench", maxJobs: 1 }),
    setupRequest: (request) => {
      const group = groups[Math.floor(Math.random() * groups.length)];
      return { ...request, path: `${BASE}/${group}/jobs/claim` };
    },
    onResponse: (_status, body, context) => {
      (context as Context).lease = JSON.parse(body).data[0];
    },
  };
  const complete: autocannon.Request = {
    method: "POST",
    setupRequest: (request, context) => {
      const { lease } = context as Context;
      // Nothing to complete: begin again with a claim.
      if (lease === undefined) return undefined as never;
      const path = `${BASE}/${lease.groupId}/jobs/${lease.jobId}/complete`;
      const claimNext = way === "coordinator, claimNext";
      return { ...request, path, body: JSON.stringify({ leaseId: lease.leaseId, claimNext }) };
    },
    onResponse: (status, body, context) => {
      if (status === 200) completed++;
      (context as Context).lease = JSON.parse(body).data.next?.lease;
    },
  };
  // With claimNext one claim begins a chain; when it breaks, the next round begins another.
  const chain =
    way === "coordinator, claimNext" ? Array.from({ length: 50 }, () => complete) : [complete];
  const { p99Ms } = await load(url, [claim, ...chain], { connections: CONNECTIONS, seconds });
  return { rate: completed / seconds, p99Ms };
}
