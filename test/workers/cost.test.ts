import { expect, test } from "vitest";
import { type Cost, COSTS } from "../bench/exact-costs.ts";
import { Meter } from "../bench/workers/meter.ts";
import { everyOperation } from "../bench/operations.ts";
import { BASE, data, newGroup } from "../support/workers/api.ts";
import { database } from "../support/workers/database.ts";

test("an operation makes exactly these round trips and written rows, and reads no more rows", async () => {
  await data("GET", "/api-key/current");
  // The first group of a workspace writes its name to `search_scope`, once.
  await newGroup(0);
  const meter = new Meter(database);
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
