import { randomFrom } from "../../support/random.ts";
import { quantile } from "../../support/statistics.ts";
import { Clock } from "./clock.ts";
import { type CommitCost, Coordinator } from "./coordinator.ts";
import { Database } from "./database.ts";
import { place } from "./workspaces.ts";

/** Milliseconds that each operation keeps a database's thread busy. */
export interface ServiceTimes {
  readonly commit: CommitCost;
  readonly getMs: number;
  readonly listMs: number;
  readonly createMs: number;
  /** A command committed as one would first write it. */
  readonly naiveMs: number;
}

export interface Setup {
  readonly service: ServiceTimes;
  /** A round trip to the database. */
  readonly distanceMs: number;
  readonly databases: number;
  /** The processors of each workspace. */
  readonly workspaces: readonly number[];
  /** Mean time that a processor reads a document, between claim and complete. */
  readonly readingMs: number;
  readonly seconds: number;
  readonly seed: number;
}

export interface Simulated {
  readonly jobsPerSecond: number;
  /** Milliseconds of a claim or a complete. */
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The share of the time in which the busiest database is busy. */
  readonly busiest: number;
  /** Jobs a second of the workspace with the most. */
  readonly largest: number;
  readonly sent: number;
  readonly answered: number;
  /** Requests that wait for their answer at the end. */
  readonly open: number;
}

const PROCESSORS_A_GROUP = 8;
/** Requests for each job besides its claim and its complete: a group of 100 jobs is made once, read ten times and listed twice. */
const OTHERS = [
  ["createMs", 0.01],
  ["getMs", 0.1],
  ["listMs", 0.02],
] as const;
const WARM_UP = 0.2;

/** Processors that claim, read, complete and claim again, over workspaces spread over databases. */
export function simulate(setup: Setup): Simulated {
  const { service, distanceMs, workspaces, readingMs, seconds, seed } = setup;
  const clock = new Clock();
  const random = randomFrom(seed);
  const databases = Array.from({ length: setup.databases }, () => new Database(clock, distanceMs));
  const [from, until] = [seconds * 1_000 * WARM_UP, seconds * 1_000];
  const latencies: number[] = [];
  const completed = workspaces.map(() => 0);
  const counted = { sent: 0, answered: 0, open: 0 };

  const timed = (send: (answered: () => void) => void, then: (ms: number) => void): void => {
    const sentAt = clock.now;
    counted.sent++;
    counted.open++;
    send(() => {
      counted.answered++;
      counted.open--;
      then(clock.now - sentAt);
    });
  };
  const processor = (workspace: number, database: Database, group: Coordinator): void => {
    const command = (then: () => void) =>
      timed(
        (answered) => group.execute(answered),
        (ms) => {
          if (clock.now >= from) latencies.push(ms);
          then();
        },
      );
    const others = (left: readonly (typeof OTHERS)[number][]): void => {
      const [other, ...rest] = left;
      if (other === undefined) return claim();
      if (random() >= other[1]) return others(rest);
      timed(
        (answered) => database.send(service[other[0]], answered),
        () => others(rest),
      );
    };
    const claim = (): void =>
      command(() =>
        clock.after(-Math.log(1 - random()) * readingMs, () =>
          command(() => {
            if (clock.now >= from) completed[workspace] = (completed[workspace] ?? 0) + 1;
            others(OTHERS);
          }),
        ),
      );
    clock.after(random() * (readingMs + distanceMs), claim);
  };

  for (const [workspace, at] of place(workspaces, setup.databases).entries()) {
    const database = databases[at];
    if (database === undefined) throw new Error("a workspace must have a database");
    let group = new Coordinator(database, service.commit);
    for (let nth = 0; nth < (workspaces[workspace] ?? 0); nth++) {
      if (nth % PROCESSORS_A_GROUP === 0) group = new Coordinator(database, service.commit);
      processor(workspace, database, group);
    }
  }
  clock.runUntil(from);
  const busyBefore = databases.map(({ busyMs }) => busyMs);
  clock.runUntil(until);
  const measuredMs = until - from;
  const rate = (jobs: number): number => (jobs * 1_000) / measuredMs;
  return {
    jobsPerSecond: rate(completed.reduce((sum, jobs) => sum + jobs, 0)),
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    busiest:
      Math.max(...databases.map(({ busyMs }, nth) => busyMs - (busyBefore[nth] ?? 0))) / measuredMs,
    largest: rate(Math.max(...completed)),
    ...counted,
  };
}
