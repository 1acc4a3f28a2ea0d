import { Agent } from "node:http";
import { join } from "node:path";
import { BASE } from "../support/client.ts";
import { median } from "../support/statistics.ts";
import { exchange } from "./exchange.ts";
import { type Scale, table } from "./load.ts";
import { places } from "./places.ts";
import { serveSeeded } from "./servers.ts";

const GROUPS = 10_000;
const AWAY_MS = 5;
const PAIRS_A_SECOND = 10;
/** Pairs beforehand for each measured one, so that V8 has compiled both Workers. A deployed isolate that serves callers is warm. */
const WARM_UPS = 10;
const TARGET = 0.95;
const BODY = { name: "March invoices", template: "invoice-v2" };

/** The latencies that a user feels once the database is somewhere else. */
export async function distance(folder: string, scale: Scale): Promise<string> {
  const beside = await besideBareWorker(join(folder, "bare"), scale);
  return `${beside}\n${await places(join(folder, "places"), scale)}`;
}

/**
 * Requests of one client, one after the other, in turns to a bare Worker and to the API. Both wait for the database so long
 * that neither is busy: what differs is what the API does besides. The first pairs are not counted.
 */
async function besideBareWorker(folder: string, { rounds, seconds }: Scale): Promise<string> {
  const distances = { WORKER_D1_MS: AWAY_MS, OBJECT_D1_MS: AWAY_MS };
  const api = await serveSeeded("distant-api", join(folder, "api"), GROUPS, distances);
  const floor = await serveSeeded("distant-floor", join(folder, "floor"), GROUPS, distances);
  const [{ _id: id }] = await api.api.data("GET", BASE);
  const agent = new Agent({ keepAlive: true });
  const requests = [
    ["get", "GET", `/${id}`],
    ["list", "GET", ""],
    ["create", "POST", "", BODY],
  ] as const;
  const rows: string[][] = [];
  for (const [name, method, path, body] of requests) {
    const took = async (url: string): Promise<number> => {
      const startedAt = performance.now();
      await exchange(agent, method, url, body);
      return performance.now() - startedAt;
    };
    const [bareMs, apiMs]: [number[], number[]] = [[], []];
    const pairs = rounds * seconds * PAIRS_A_SECOND;
    for (let pair = -WARM_UPS * pairs; pair < pairs; pair++) {
      const bare = await took(`${floor.url}${BASE}${path}?session`);
      const ours = await took(api.url + BASE + path);
      if (pair < 0) continue;
      bareMs.push(bare);
      apiMs.push(ours);
    }
    const [bare, ours] = [median(bareMs), median(apiMs)];
    const cells = [bare.toFixed(1), ours.toFixed(1), (bare / ours).toFixed(2)];
    rows.push([name, ...cells, `≥ ${TARGET.toFixed(2)}`]);
  }
  agent.destroy();
  await Promise.all([api.kill(), floor.kill()]);
  const head = ["operation", "bare Worker, ms", "API, ms", "ratio of the rates", "target"];
  return `D1 ${AWAY_MS} ms away, one client:\n\n${table(head, rows)}`;
}
