import type { Lease } from "../../../src/domain/replies.ts";
import type { Group } from "../../../src/domain/group.ts";
import { randomFrom } from "../../support/random.ts";
import { Desk } from "./desk.ts";
import { complete, START } from "./helpers.ts";

/** Processors at work on one group. All times are seconds from the run's start. */
export interface Scenario {
  readonly documents: number;
  readonly parallelJobs: number;
  /** The time at which each processor joins. */
  readonly joins: readonly number[];
  /** The time it takes to read a document, by its place in the group (0–1). */
  readonly duration: (random: () => number, place: number) => number;
  /** The time of the next claim of a processor that is free at `at`. */
  readonly wakes?: (at: number) => number;
  /** The time of the report of a result that is ready at `at`. */
  readonly reports?: (at: number) => number;
}

/** The group right after a document was reported. */
export interface Sighting {
  readonly now: number;
  readonly done: number;
  readonly group: Group;
}

export interface Run {
  readonly sightings: readonly Sighting[];
  readonly end: number;
}

const asIs = (at: number): number => at;

const runs = new Map<Scenario, Map<number, Run>>();

/** The run of a scenario with this seed. It is played only once. */
export function simulate(scenario: Scenario, seed: number): Run {
  const known = runs.get(scenario) ?? new Map<number, Run>();
  const run = known.get(seed) ?? play(scenario, seed);
  runs.set(scenario, known.set(seed, run));
  return run;
}

/** Plays the scenario through the real rules, event by event, to the end of the group. */
export function play(scenario: Scenario, seed: number): Run & { readonly desk: Desk } {
  const { documents, parallelJobs, wakes = asIs, reports = asIs } = scenario;
  const random = randomFrom(seed);
  const desk = new Desk({ parallelJobs, timeoutMinutes: 120 });
  desk.add(documents);
  desk.send({ kind: "open" });
  const sightings: Sighting[] = [];
  let claimed = 0;
  let busy = scenario.joins.map((at) => ({ at: wakes(at), lease: null as Lease | null }));
  while (busy.length > 0) {
    const next = busy.reduce((first, other) => (other.at < first.at ? other : first));
    desk.now = START + Math.round(next.at * 1_000);
    if (next.lease === null) {
      const [lease] = desk.claim(1);
      if (lease === undefined) busy = busy.filter((processor) => processor !== next);
      else {
        const seconds = scenario.duration(random, claimed++ / documents);
        Object.assign(next, { lease, at: reports(next.at + seconds) });
      }
    } else {
      desk.send(complete(next.lease));
      sightings.push({ now: desk.now, done: sightings.length + 1, group: desk.group });
      Object.assign(next, { lease: null, at: wakes(next.at) });
    }
  }
  return { sightings, end: desk.now, desk };
}
