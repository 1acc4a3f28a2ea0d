import { BASE } from "../support/client.ts";
import { HEADERS } from "../support/worker-server.ts";
import { median } from "../support/statistics.ts";
import { worstForms } from "./forms.ts";
import { table } from "./load.ts";
import { serveKept } from "./servers.ts";
import type { Cost } from "./workers/meter.ts";

const REPEATS = 5;

/** The longest statement of the dearest lists, as D1 measures it. */
export async function longest(groups: number): Promise<string> {
  const server = await serveKept("metered", groups);
  const rows: (string | number)[][] = [];
  for (const { name, query } of worstForms) {
    const target = `${server.url}${BASE}?${new URLSearchParams(query).toString()}`;
    const costs: Cost[] = [];
    let status = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const answer = await fetch(target, { headers: HEADERS });
      await answer.arrayBuffer();
      status = answer.status;
      costs.push(JSON.parse(answer.headers.get("x-cost") ?? "{}") as Cost);
    }
    const ms = median(costs.map(({ longestMs }) => longestMs));
    rows.push([name, status, ms.toFixed(1), costs[0]?.statements ?? 0, costs[0]?.rowsRead ?? 0]);
  }
  await server.kill();
  const head = ["list by", "answer", "longest statement, ms", "statements", "rows"];
  return `Of ${groups} groups:\n\n${table(head, rows)}`;
}
