import { BASE } from "../support/client.ts";
import { median } from "../support/statistics.ts";
import { HEADERS } from "../support/worker-server.ts";
import { type Form, formsAt } from "./forms.ts";
import { table } from "./load.ts";
import type { Cost } from "./workers/meter.ts";
import { serveKept } from "./servers.ts";

interface Measured {
  readonly ms: number;
  readonly rows: number;
  /** The list is refused: it would have to look at too many groups. */
  readonly isRefused: boolean;
}

/** Each form of the list, one request at a time, over ever more groups. */
export async function growth(sizes: readonly number[]): Promise<string> {
  const measured: Measured[][] = [];
  for (const groups of sizes) {
    const server = await serveKept("metered", groups);
    for (const [index, form] of formsAt(groups).entries()) {
      (measured[index] ??= []).push(await measure(server.url, form));
    }
    await server.kill();
  }
  const to = sizes.length - 1;
  const from = Math.max(0, sizes.slice(0, to).indexOf(10_000));
  const short = (size: number) => (size < 1e6 ? `${size / 1e3}k` : `${size / 1e6}M`);
  const span = `${short(sizes[from] ?? 0)} → ${short(sizes[to] ?? 0)}`;
  return table(
    ["list by", ...sizes.map((size) => `${short(size)}: ms, rows`), `${span}: ms`, "rows"],
    formsAt(1).map(({ name, manyHits }, index) => {
      const row = measured[index] ?? [];
      const times = (of: "ms" | "rows") =>
        `× ${((row[to]?.[of] ?? 0) / Math.max(1, row[from]?.[of] ?? 0)).toFixed(1)}`;
      const cells = row.map(
        ({ ms, rows, isRefused }) => `${ms.toFixed(1)}, ${rows}${isRefused ? " (400)" : ""}`,
      );
      return [manyHits ? `${name} *` : name, ...cells, times("ms"), times("rows")];
    }),
  );
}

const LONGEST_MS = 3_000;

async function measure(url: string, { query }: Form): Promise<Measured> {
  const target = `${url}${BASE}?${new URLSearchParams(query).toString()}`;
  const times: number[] = [];
  let [rows, isRefused] = [0, false];
  for (let request = 0, spent = 0; request < 25 && spent < LONGEST_MS; request++) {
    const startedAt = performance.now();
    const response = await fetch(target, { headers: HEADERS });
    const text = await response.text();
    isRefused = response.status === 400 && text.includes("LIST_TOO_BROAD");
    if (response.status !== 200 && !isRefused) throw new Error(text);
    times.push(performance.now() - startedAt);
    spent += times.at(-1) ?? 0;
    rows = (JSON.parse(response.headers.get("x-cost") ?? "{}") as Cost).rowsRead;
  }
  // The first fill the caches.
  return { ms: median(times.slice(Math.min(5, times.length - 1))), rows, isRefused };
}
