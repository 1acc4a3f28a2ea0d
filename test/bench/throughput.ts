import { join } from "node:path";
import type autocannon from "autocannon";
import { BASE } from "../support/client.ts";
import { median } from "../support/statistics.ts";
import { load, table, type Scale } from "./load.ts";
import { serveSeeded } from "./servers.ts";

const GROUPS = 10_000;
const body = JSON.stringify({ name: "March invoices", template: "invoice-v2" });
const TARGETS = { get: 0.8, list: 0.75, create: 0.6 };

/**
 * Requests a second of the API beside a bare Worker's, on stores that are alike. The API answers with a bookmark and so asks
 * through a session of D1, and so does the bare Worker; its rate without any session stands beside.
 */
export async function throughput(folder: string, { rounds, seconds }: Scale): Promise<string> {
  const api = await serveSeeded("api", join(folder, "api"), GROUPS);
  const floor = await serveSeeded("floor", join(folder, "floor"), GROUPS);
  const [{ _id: id }] = await api.api.data("GET", BASE);
  const requests = {
    get: { method: "GET", path: `/${id}` },
    list: { method: "GET" },
    create: { method: "POST", body },
  } as const;
  const rates = { get: [], list: [], create: [] } as Record<keyof typeof requests, Pair[]>;
  for (const [name, request] of entries(requests)) {
    const measure = async (url: string, sent: autocannon.Request, forSeconds: number) =>
      (await load(url, [sent], { connections: 32, seconds: forSeconds })).rate;
    const alike = { ...request, path: `${"path" in request ? request.path : ""}?session` };
    for (const { url } of [floor, api]) await measure(url, request, 1);
    for (let round = 0; round < rounds; round++) {
      rates[name].push({
        plain: await measure(floor.url, request, seconds),
        floor: await measure(floor.url, alike, seconds),
        api: await measure(api.url, request, seconds),
      });
    }
  }
  await Promise.all([api.kill(), floor.kill()]);
  return table(
    [
      "operation",
      "bare Worker, requests/s",
      "without a session",
      "API, requests/s",
      "ratio",
      "target",
    ],
    entries(rates).map(([name, pairs]) => [
      name,
      Math.round(median(pairs.map((pair) => pair.floor))),
      Math.round(median(pairs.map((pair) => pair.plain))),
      Math.round(median(pairs.map((pair) => pair.api))),
      median(pairs.map((pair) => pair.api / pair.floor)).toFixed(2),
      `≥ ${TARGETS[name].toFixed(2)}`,
    ]),
  );
}

interface Pair {
  readonly plain: number;
  readonly floor: number;
  readonly api: number;
}

const entries = <K extends string, V>(record: Record<K, V>) => Object.entries(record) as [K, V][];
