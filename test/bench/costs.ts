import { BASE } from "../support/client.ts";
import { table } from "./load.ts";
import type { Cost } from "./workers/meter.ts";
import { everyOperation } from "./operations.ts";
import { serve } from "./servers.ts";

/** A table of the cost of each operation in D1, and of a job's whole life. */
export async function costs(folder: string): Promise<string> {
  const server = await serve("metered", folder);
  let last: Cost | undefined;
  const rows: [string, Cost][] = [];
  await everyOperation(
    async (method, path, body) => {
      const {
        status,
        headers,
        body: answer,
      } = await server.api.call(method, BASE + path, { body });
      last = JSON.parse(headers.get("x-cost") ?? "null") as Cost;
      if (status >= 300) throw new Error(answer.error);
      return answer.data;
    },
    (name) => {
      if (last !== undefined) rows.push([name, last]);
    },
  );
  await server.kill();
  const life = ["addJobs, 1", "claimJobs, 1", "completeJob"].flatMap((name) =>
    rows.filter(([operation]) => operation === name).map(([, cost]) => cost),
  );
  const sum = (of: keyof Cost) => life.reduce((total, cost) => total + cost[of], 0);
  const cells = ["roundTrips", "statements", "rowsRead", "rowsWritten"] as const;
  return table(
    ["operation", "round trips", "statements", "rows read", "rows written"],
    [
      ...rows.map(([name, cost]) => [name, ...cells.map((cell) => cost[cell])]),
      ["**a job's life: add, claim, complete**", ...cells.map(sum)],
    ],
  );
}
