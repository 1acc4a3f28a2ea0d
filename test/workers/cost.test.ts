import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { Meter } from "../bench/workers/meter.ts";
import { everyOperation } from "../bench/operations.ts";
import { BASE, data } from "../support/workers/api.ts";

/** Round trips to D1, statements, most rows read, rows written. */
type Cost = readonly [operation: string, number, number, number, number];

const COSTS: readonly Cost[] = [
  ["createJobGroup", 1, 1, 3, 13],
  ["getJobGroup", 1, 1, 1, 0],
  ["listJobGroups", 1, 2, 2, 0],
  ["listJobGroups, filtered", 1, 2, 4, 0],
  ["listJobGroups, search", 1, 1, 8, 0],
  ["updateJobGroup, new name", 1, 1, 1, 4],
  ["addJobs, 1", 1, 2, 2, 2],
  ["addJobs, 1 numbered", 2, 3, 4, 3],
  ["addJobs, 100", 1, 2, 101, 101],
  ["processJobGroup", 1, 1, 2, 5],
  ["claimJobs, the group's first", 2, 4, 10, 6],
  ["completeJob, claimNext", 1, 2, 9, 3],
  ["completeJob", 1, 2, 5, 2],
  ["claimJobs, 1", 1, 2, 5, 2],
  ["releaseJob", 1, 2, 5, 3],
  ["claimJobs, 1 given back", 2, 4, 10, 2],
  ["failJob, to be retried", 1, 2, 5, 3],
  ["claimJobs, 10", 1, 2, 41, 11],
  ["heartbeat, 9 leases", 1, 1, 1, 1],
  ["failJob, for good", 1, 3, 6, 4],
  ["getJob", 1, 1, 1, 0],
  ["listJobGroupJobs, 102", 1, 2, 103, 0],
  ["exportResults, 3 of 102", 3, 3, 120, 0],
  ["findJobs, 1 of 1", 1, 2, 4, 0],
  ["retryJobGroup, 1 failed", 1, 2, 103, 3],
  ["claimAnyJobs, 1", 3, 5, 67, 2],
  ["cancelJobGroup, 100 open", 1, 4, 257, 104],
  ["deleteJobGroup, 102 jobs", 1, 4, 318, 108],
];

test("an operation makes exactly these round trips and written rows, and reads no more rows", async () => {
  const meter = new Meter(env.DB);
  const costs: Cost[] = [];
  const send = async (method: string, path: string, body?: object) => {
    meter.take();
    return data(method, BASE + path, body);
  };
  await everyOperation(send, (name) => {
    const { roundTrips, statements, rowsRead, rowsWritten } = meter.take();
    const most = COSTS.find(([operation]) => operation === name)?.[3] ?? 0;
    costs.push([name, roundTrips, statements, Math.max(most, rowsRead), rowsWritten]);
  });
  expect(costs).toEqual(COSTS);
  const written = new Map(costs.map(([name, , , , rows]) => [name, rows]));
  const life = ["addJobs, 1", "claimJobs, 1", "completeJob"].map((name) => written.get(name) ?? 0);
  expect(
    life.reduce((sum, rows) => sum + rows),
    "a job's whole life",
  ).toBe(6);
});
