import { BASE } from "../support/client.ts";
import { median } from "../support/statistics.ts";
import { HEADERS } from "../support/worker-server.ts";
import { type Scale, table } from "./load.ts";
import { FREQUENT } from "./seed.ts";
import { type Kind, serveKept } from "./servers.ts";
import type { Cost } from "./workers/meter.ts";

const MOST_GROUPS = 100_000;

interface Measured {
  readonly rate: number;
  /** The time in D1 of a request. */
  readonly ms: number;
}

/**
 * A search with many hits beside the way that looks at all their rows, and beside what any list costs. Requests follow each
 * other: equal lists that wait would share a query.
 */
export async function search({ rounds, seconds, sizes }: Scale): Promise<string> {
  const groups = Math.min(MOST_GROUPS, Math.max(...sizes));
  const word = `?search=${FREQUENT}`;
  const measure = async (kind: Kind, queries: readonly string[]): Promise<Measured[][]> => {
    const server = await serveKept(kind, groups);
    const measured = queries.map((): Measured[] => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [index, query] of queries.entries()) {
        const one = await requests(
          server.url + BASE + query,
          query === "" ? groups : groups / 50,
          seconds,
        );
        // The first fills the caches.
        if (round > 0) measured[index]?.push(one);
      }
    }
    await server.kill();
    return measured;
  };
  const [rows, indexes] = await measure("searching", [`${word}&rows`, word]);
  const [plain, asked] = await measure("metered", ["", word]);
  return table(
    [`${groups / 50} hits among ${groups} groups`, "D1, ms", "requests/s", "D1's rate", "requests"],
    [
      ["store: looks at the row of each hit", ...shown(rows)],
      ["store: counts and orders the hits in indexes", ...shown(indexes, rows)],
      ["API: the list without a search", ...shown(plain)],
      ["API: the search", ...shown(asked, plain)],
    ],
  );
}

async function requests(url: string, hits: number, seconds: number): Promise<Measured> {
  let [asked, ms] = [0, 0];
  const startedAt = performance.now();
  while (performance.now() - startedAt < seconds * 1_000) {
    const answer = await fetch(url, { headers: HEADERS });
    const text = await answer.text();
    if (!text.includes(`"total":${hits}`)) throw new Error(text.slice(0, 1_000));
    ms += (JSON.parse(answer.headers.get("x-cost") ?? "{}") as Cost).busyMs;
    asked++;
  }
  return { rate: (asked / (performance.now() - startedAt)) * 1_000, ms: ms / asked };
}

function shown(measured: Measured[] = [], beside?: Measured[]): string[] {
  const times = (of: (measured: Measured, other: Measured) => number): string =>
    beside === undefined
      ? ""
      : `× ${median(measured.flatMap((one, round) => beside.slice(round, round + 1).map((other) => of(one, other)))).toFixed(2)}`;
  return [
    median(measured.map(({ ms }) => ms)).toFixed(1),
    median(measured.map(({ rate }) => rate)).toFixed(0),
    times((one, other) => other.ms / one.ms),
    times((one, other) => one.rate / other.rate),
  ];
}
