import type { Lease } from "../../../src/domain/commands.ts";
import type { Group } from "../../../src/domain/group.ts";
import { randomFrom } from "../../support/random.ts";
import { Desk } from "./desk.ts";
import { complete, START } from "./helpers.ts";

/** Processors at work on one group. All times are seconds from the run's start. */
export interface Scenario {
  readonly documents: number;
  readonly parallelJobs: number;
  /** When each processor joins. */
  readonly joins: readonly number[];
  /** How long reading takes, by the document's place in the group (0–1). */
  readonly duration: (random: () => number, place: number) => number;
  /** When a processor free at `at` next claims. */
  readonly wakes?: (at: number) => number;
  /** When a result that is ready at `at` is reported. */
  readonly reports?: (at: number) => number;
}

/** What could be seen right after a document was reported. */
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

/** The scenario's run with this seed, played once. */
export function simulate(scenario: Scenario, seed: number): Run {
  const known = runs.get(scenario) ?? new Map<number, Run>();
  const run = known.get(seed) ?? play(scenario, seed);
  runs.set(scenario, known.set(seed, run));
  return run;
}

/** Plays the scenario through the real rules, event by event, and leaves the group at its end. */
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
