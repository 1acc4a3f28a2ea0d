import { invoiceOf } from "../support/invoice.ts";
import { NodeD1 } from "../support/node-d1.ts";
import { randomFrom } from "../support/random.ts";
import { capacity } from "./capacity.ts";
import { type Scale, table } from "./load.ts";
import { TARGETS } from "./processing.ts";
import { bytesAJob } from "./row-sizes.ts";
import { seed } from "./seed.ts";
import { serviceTimes } from "./service-times.ts";
import { keep, lastMeasured, type Measured } from "./simulator/measured.ts";
import type { CommitCost } from "./simulator/coordinator.ts";
import { process } from "./simulator/processors.ts";
import { type ServiceTimes, simulate } from "./simulator/simulate.ts";
import { even, oneHot, skewed } from "./simulator/workspaces.ts";

const DATABASES = [1, 2, 4, 16, 64] as const;
const [WORKSPACES, PROCESSORS, READING_MS, DISTANCE_MS] = [64, 2_048, 5_000, 5];
/** Simulated seconds: the fewer databases, the longer a command waits, and the run has to be many times as long. */
const SECONDS = { all: 240, atLeast: 8, reading: 120 };
const RESULT_BYTES = 2_000;
const [RESULTS, GROUPS] = [1_500, 10_000];

type Workspaces = readonly number[];
const LOADS: readonly (readonly [name: string, workspaces: Workspaces, readingMs: number])[] = [
  ["alike, never idle", even(WORKSPACES, PROCESSORS), 0],
  ["skewed, never idle", skewed(WORKSPACES, PROCESSORS, randomFrom(1)), 0],
  ["one hot, never idle", oneHot(WORKSPACES, PROCESSORS), 0],
  ["alike, reading 5 s", even(WORKSPACES, PROCESSORS), READING_MS],
  ["one hot, reading 5 s", oneHot(WORKSPACES, PROCESSORS), READING_MS],
];

/** Measures one local database, and keeps what it found for the model and the simulator. */
export async function measureScale(folder: string, { rounds, seconds }: Scale): Promise<void> {
  const results = Array.from({ length: RESULTS }, (_, nth) =>
    JSON.stringify(invoiceOf(RESULT_BYTES, nth)),
  );
  keep({
    service: await serviceTimes(folder, rounds * seconds * 20),
    bytesAJob: Math.round(await bytesAJob(results, false)),
    bytesAGroup: bytesAGroup(),
  });
}

function bytesAGroup(): number {
  const { sqlite } = new NodeD1().migrate();
  seed(sqlite, GROUPS);
  const { bytes } = sqlite
    .prepare("SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size")
    .get() as { bytes: number };
  return Math.round(bytes / GROUPS);
}

/** The measurements as a table. */
export function measured({ service, bytesAJob, bytesAGroup }: Measured): string {
  const { commit, getMs, listMs, createMs, naiveMs } = service;
  const rows = [
    ["a commit of one command", `${(commit.baseMs + commit.perCommandMs).toFixed(1)} ms`],
    ["each further command in it", `${commit.perCommandMs.toFixed(3)} ms`],
    ["a command of the naive Worker", `${naiveMs.toFixed(1)} ms`],
    ["createJobGroup", `${createMs.toFixed(1)} ms`],
    ["getJobGroup", `${getMs.toFixed(1)} ms`],
    ["listJobGroups, 50 of 10,000", `${listMs.toFixed(1)} ms`],
    ["a completed job with 2 KB of `extractedData`", `${bytesAJob} bytes`],
    ["a group without its jobs", `${bytesAGroup} bytes`],
  ];
  return table(["one local database", "measured"], rows);
}

/** Rates and latencies over ever more databases. */
export function simulated(service: ServiceTimes): string {
  const rows = LOADS.flatMap(([name, workspaces, readingMs]) => {
    let ofOne = 0;
    return DATABASES.map((databases) => {
      const atLeast = readingMs > 0 ? SECONDS.reading : SECONDS.atLeast;
      const seconds = Math.max(atLeast, SECONDS.all / databases);
      const setup = { service, distanceMs: DISTANCE_MS, databases, workspaces, readingMs, seconds };
      const result = simulate({ ...setup, seed: 1 });
      if (databases === 1) ofOne = result.jobsPerSecond;
      return [
        name,
        databases,
        Math.round(result.jobsPerSecond),
        (result.jobsPerSecond / ofOne).toFixed(2),
        result.p50Ms.toFixed(0),
        result.p99Ms.toFixed(0),
        `${Math.round(100 * result.busiest)} %`,
        Math.round(result.largest),
      ];
    });
  });
  const head = [
    "workspaces",
    "databases",
    "jobs/s",
    "times one",
    "p50 of a command, ms",
    "p99",
    "busiest thread",
    "largest workspace, jobs/s",
  ];
  return table(head, rows);
}

/** 64 processors on one database, as in `processing`, but none of them waits for another's Worker. */
export function simulatedProcessing({ commit, naiveMs }: ServiceTimes): string {
  const setup = { parallelJobs: 10, processors: 64, distanceMs: DISTANCE_MS, seconds: 60, seed: 1 };
  const rows = ([1, 8, 100] as const).flatMap((groups) => {
    const processed = (cost: CommitCost, mostCommands: number, claimNext: boolean) =>
      process({ ...setup, groups, cost, mostCommands, claimNext });
    const naive = processed({ baseMs: naiveMs, perCommandMs: 0 }, 1, false);
    const ways = [
      ["naive", naive, ""],
      ["coordinator", processed(commit, 64, false), `≥ ${TARGETS[groups][0]}`],
      ["coordinator, claimNext", processed(commit, 64, true), `≥ ${TARGETS[groups][1]}`],
    ] as const;
    return ways.map(([way, { jobsPerSecond, p99Ms }, target]) => [
      groups,
      way,
      Math.round(jobsPerSecond),
      (jobsPerSecond / naive.jobsPerSecond).toFixed(1),
      target,
      p99Ms.toFixed(0),
    ]);
  });
  return table(["groups", "way", "jobs/s", "times naive", "target", "p99 of a command, ms"], rows);
}

/** The parts of the page, from the last measurements. */
export const scaleParts = (last = lastMeasured()) => ({
  measured: measured(last),
  capacity: capacity(last),
  simulated: simulated(last.service),
  "simulated-processing": simulatedProcessing(last.service),
});
