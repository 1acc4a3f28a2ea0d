import { BASE, type Json } from "../support/client.ts";
import { alter, serve, serveSeeded } from "./servers.ts";
import { NAIVE_INDEX } from "./processing.ts";
import type { ServiceTimes } from "./simulator/simulate.ts";

const GROUPS = 10_000;
const ADDED = 200;
const WARM_UP = 20;
/** The slowest tenth is what else runs on the machine. */
const KEPT = 0.9;

/** Milliseconds that D1 takes for each operation, asked for alone, on a store of 10,000 groups. */
export async function serviceTimes(folder: string, times: number): Promise<ServiceTimes> {
  const server = await serveSeeded("timed", folder, GROUPS);
  const { api } = server;
  const [{ _id: id }] = await api.data("GET", BASE);
  const group = await api.newGroup(2 * (WARM_UP + times));
  const report = ({ jobId, leaseId }: Json) =>
    api.data("POST", `${BASE}/${group}/jobs/${jobId}/complete`, { leaseId });
  const taken = {
    get: [0],
    list: [0],
    create: [0],
    claim: [0],
    complete: [0],
    add: [0],
    addMany: [0],
  };
  let round = -WARM_UP;
  const timed = async (name: keyof typeof taken, ask: () => Promise<Json>): Promise<Json> => {
    await api.data("GET", "/timed");
    const answer = await ask();
    const { ms } = await api.data("GET", "/timed");
    if (round >= 0) taken[name][round] = ms;
    return answer;
  };
  for (; round < times; round++) {
    await timed("get", () => api.data("GET", `${BASE}/${id}`));
    await timed("list", () => api.data("GET", BASE));
    await timed("create", () => api.data("POST", BASE, { name: "Measured", template: "t-1" }));
    await timed("add", () => api.data("POST", `${BASE}/${id}/jobs`, jobs(1)));
    await timed("addMany", () => api.data("POST", `${BASE}/${id}/jobs`, jobs(ADDED)));
    const [lease] = await timed("claim", () => api.claim(group, 1));
    await timed("complete", () => report(lease));
  }
  await server.kill();
  alter(folder, (database) => database.exec(NAIVE_INDEX));
  const naiveMs = await naiveTime(folder, group, times);
  const ms = (name: keyof typeof taken): number => trimmedMean(taken[name]);
  const commandMs = (ms("claim") + ms("complete")) / 2;
  // A commit writes one more row for each command after the first.
  const perCommandMs = (ms("addMany") - ms("add")) / (ADDED - 1);
  const commit = { baseMs: commandMs - perCommandMs, perCommandMs };
  return { commit, getMs: ms("get"), listMs: ms("list"), createMs: ms("create"), naiveMs };
}

/** The same for a command of the naive Worker, which commits through a session as the API does. */
async function naiveTime(folder: string, group: string, times: number): Promise<number> {
  const server = await serve("timed-naive", folder);
  const { api } = server;
  const path = `${BASE}/${group}/jobs`;
  const taken: number[] = [];
  for (let round = -WARM_UP; round < times; round++) {
    await api.data("GET", "/timed");
    const [lease] = await api.data("POST", `${path}/claim?session`, { workerId: "bench" });
    await api.data("POST", `${path}/${lease.jobId}/complete?session`, { leaseId: lease.leaseId });
    const { ms } = await api.data("GET", "/timed");
    if (round >= 0) taken.push(ms / 2);
  }
  await server.kill();
  return trimmedMean(taken);
}

/** workerd's clock tells whole milliseconds, so only a mean of many is more exact. */
function trimmedMean(values: readonly number[]): number {
  const kept = values.toSorted((a, b) => a - b).slice(0, Math.ceil(values.length * KEPT));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

const jobs = (count: number) => ({
  jobs: Array.from({ length: count }, (_, nth) => ({ documentName: `invoice-${nth}.pdf` })),
});
