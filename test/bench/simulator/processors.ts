import { randomFrom } from "../../support/random.ts";
import { quantile } from "../../support/statistics.ts";
import { Clock } from "./clock.ts";
import { type CommitCost, Coordinator } from "./coordinator.ts";
import { Database } from "./database.ts";

export interface Processors {
  readonly cost: CommitCost;
  readonly mostCommands: number;
  /** A completion claims the next job in the same command. */
  readonly claimNext: boolean;
  readonly groups: number;
  readonly parallelJobs: number;
  readonly processors: number;
  readonly distanceMs: number;
  readonly seconds: number;
  readonly seed: number;
}

export interface Processed {
  readonly jobsPerSecond: number;
  readonly p99Ms: number;
}

interface SimulatedGroup {
  readonly object: Coordinator;
  leased: number;
}

/** Processors that read nothing: each claims from a group chosen at random, completes and claims again. The Workers are never busy. */
export function process(setup: Processors): Processed {
  const { cost, mostCommands, claimNext, parallelJobs, distanceMs, seconds } = setup;
  const clock = new Clock();
  const random = randomFrom(setup.seed);
  const database = new Database(clock, distanceMs);
  const groups = Array.from({ length: setup.groups }, (): SimulatedGroup => ({
    object: new Coordinator(database, cost, { mostCommands }),
    leased: 0,
  }));
  const times: number[] = [];
  let completed = 0;
  const command = ({ object }: SimulatedGroup, then: () => void): void => {
    const sentAt = clock.now;
    object.execute(() => {
      times.push(clock.now - sentAt);
      then();
    });
  };
  const claim = (): void => {
    const group = groups[Math.floor(random() * groups.length)];
    if (group === undefined) throw new Error("there must be a group");
    command(group, () => {
      if (group.leased >= parallelJobs) return clock.after(200 + random() * 200, claim);
      group.leased++;
      complete(group);
    });
  };
  const complete = (group: SimulatedGroup): void =>
    command(group, () => {
      completed++;
      if (claimNext) return complete(group);
      group.leased--;
      claim();
    });
  for (let nth = 0; nth < setup.processors; nth++) clock.after(random() * distanceMs, claim);
  clock.runUntil(seconds * 1_000);
  return { jobsPerSecond: completed / seconds, p99Ms: quantile(times, 0.99) };
}
