import { setTimeout as sleep } from "node:timers/promises";
import { BASE, Client } from "../support/client.ts";
import { median, quantile } from "../support/statistics.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";
import { paced } from "./paced.ts";
import { type Scale, table } from "./load.ts";
import { work } from "./processing.ts";
import { serve } from "./servers.ts";

const WAY = "coordinator, claimNext";
const CLIENTS = 32;
const GROUPS = 8;
const MOST_JOBS_A_SECOND = 1_000;
const PACE_MS = 50;
/** A workspace is alone again when nobody else has called for longer than a second. */
const ALONE_AFTER_MS = 1_200;

interface Tenant {
  readonly headers: typeof HEADERS;
  readonly groups: readonly string[];
  readonly read: () => Promise<void>;
}

/** Jobs a second of one workspace that processes as fast as it can: alone, beside a reader, and beside another like it. */
export async function together(folder: string, { rounds, seconds }: Scale): Promise<string> {
  const server = await serve("api", folder);
  const jobs = MOST_JOBS_A_SECOND * seconds * (rounds + 1) * 3;
  const first = await tenant(server, "first", jobs);
  const second = await tenant(server, "second", jobs);
  const process = async ({ headers, groups }: Tenant): Promise<number> =>
    (await work(server.url, groups, WAY, seconds, { headers, clients: CLIENTS })).rate;
  const measured: Round[] = [];
  for (let round = -1; round < rounds; round++) {
    await sleep(ALONE_AFTER_MS);
    const alone = await process(first);
    const calmMs = await paced(second.read, PACE_MS, seconds);
    const [besideReader, readMs] = await Promise.all([
      process(first),
      paced(second.read, PACE_MS, seconds),
    ]);
    const [one, other] = await Promise.all([process(first), process(second)]);
    const slower = quantile(readMs, 0.5) / quantile(calmMs, 0.5);
    const result = { alone, besideReader, slower, one, other };
    console.error(JSON.stringify(result));
    if (round >= 0) measured.push(result);
  }
  await server.kill();
  const times = (of: (round: Round) => number): string => median(measured.map(of)).toFixed(2);
  const rate = (of: (round: Round) => number): number => Math.round(median(measured.map(of)));
  const smaller = ({ one, other }: Round) => Math.min(one, other);
  return table(
    ["a workspace of 32 processors", "jobs/s", "times alone", "target"],
    [
      ["alone", rate(({ alone }) => alone), "1.00", ""],
      [
        `beside a GET every ${PACE_MS} ms`,
        rate(({ besideReader }) => besideReader),
        times(({ besideReader, alone }) => besideReader / alone),
        "",
      ],
      [
        "two together",
        rate(({ one, other }) => one + other),
        times(({ one, other, alone }) => (one + other) / alone),
        "≥ 0.80",
      ],
      [
        "the slower of the two",
        rate(smaller),
        times((round) => smaller(round) / round.alone),
        "≥ 0.35",
      ],
      ["p50 of the GET, times calm", "", times(({ slower }) => slower), "< 5"],
    ],
  );
}

interface Round {
  readonly alone: number;
  readonly besideReader: number;
  readonly slower: number;
  readonly one: number;
  readonly other: number;
}

async function tenant({ url, api }: Server, workspace: string, jobs: number): Promise<Tenant> {
  const scopes = ["groups:read", "groups:write", "jobs:process"];
  const { key } = await api.data("POST", "/api-key", { name: workspace, workspace, scopes });
  const client = new Client(url, key);
  const settings = { parallelJobs: 10 };
  const groups = await Promise.all(
    Array.from({ length: GROUPS }, () => client.newGroup(Math.ceil(jobs / GROUPS), { settings })),
  );
  const headers = { ...HEADERS, "api-key": key as string };
  const read = async () => void (await client.data("GET", `${BASE}/${groups[0]}`));
  return { headers, groups, read };
}
