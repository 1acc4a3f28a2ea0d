import { afterAll, describe, expect, it } from "vitest";
import { estimateCompletion } from "../../../src/domain/estimate.ts";
import { Desk } from "./desk.ts";
import { complete, fail, MINUTE } from "./helpers.ts";
import { median } from "../../support/statistics.ts";
import { play, type Run, type Scenario, simulate } from "./simulate.ts";

const SEEDS = [1, 2, 3, 4, 5];
const about = (seconds: number) => (random: () => number) => seconds * (0.75 + 0.5 * random());
const exponential = (seconds: number) => (random: () => number) =>
  -seconds * Math.log(1 - random());
const nextMinute = (at: number) => Math.ceil(at / 60) * 60;
const atOnce = (processors: number) => Array<number>(processors).fill(0);

const STEADY: Scenario = {
  documents: 200,
  parallelJobs: 3,
  joins: atOnce(3),
  duration: about(20),
};
const SLOW_TAIL: Scenario = {
  ...STEADY,
  duration: (random, place) => about(place < 0.8 ? 20 : 60)(random),
};
const TEN: Scenario = { ...STEADY, parallelJobs: 10, joins: atOnce(10) };

const SCENARIOS: Record<string, Scenario> = {
  steady: STEADY,
  "bursty: results sent each minute": { ...TEN, reports: nextMinute },
  "bursty: a batch claimed each minute": { ...TEN, duration: about(10), wakes: nextMinute },
  "few processors: 1 for parallelJobs 10": { ...TEN, joins: [0] },
  "many processors: 10": TEN,
  "many processors in lockstep: 10": { ...TEN, duration: () => 20 },
  "accelerating: 5 join, one a minute": { ...TEN, joins: [0, 60, 120, 180, 240] },
  "slow tail: the last 5 % take three times as long": {
    ...STEADY,
    duration: (random, place) => about(place < 0.95 ? 20 : 60)(random),
  },
  "slow documents, exponential": { ...STEADY, duration: exponential(120) },
};

/** Estimated over actual time to the end, at every report while 25 % to 75 % of the documents are done. */
const ratios = ({ sightings, end }: Run, trueEnd = end): number[] =>
  sightings.flatMap(({ now, done, group }) => {
    const share = done / group.totalJobs;
    const seen = share >= 0.25 && share <= 0.75 && group.estimatedCompletionAt !== null;
    return seen ? [((group.estimatedCompletionAt ?? 0) - now) / (trueEnd - now)] : [];
  });

const table: Record<string, { median: string; "middle 80 %": string }> = {};
const note = (name: string, values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * sorted.length)]?.toFixed(2) ?? "-";
  table[name] = { median: at(0.5), "middle 80 %": `${at(0.1)} – ${at(0.9)}` };
  return median(values);
};
afterAll(() => console.table(table));

describe("the estimate, over the middle half of a run, has a median within 0.8–1.25 of the truth", () => {
  it.each(Object.entries(SCENARIOS))("%s", (name, scenario) => {
    const found = note(
      name,
      SEEDS.flatMap((seed) => ratios(simulate(scenario, seed))),
    );
    expect(found).toBeGreaterThan(0.8);
    expect(found).toBeLessThan(1.25);
  });

  it("slow tail of 20 %, against the end at the present pace: no estimate can foresee the tail", () => {
    const found = SEEDS.map((seed) => {
      const [run, untold] = [simulate(SLOW_TAIL, seed), simulate(STEADY, seed)];
      // Until the tail is claimed, the history is the steady run's, and so is what it can tell.
      return { truth: ratios(run), pace: ratios(run, untold.end) };
    });
    note(
      "slow tail of 20 %, to its end",
      found.flatMap(({ truth }) => truth),
    );
    const pace = note(
      "slow tail of 20 %, to the end at the present pace",
      found.flatMap(({ pace }) => pace),
    );
    expect(pace).toBeGreaterThan(0.8);
    expect(pace).toBeLessThan(1.25);
  });
});

describe("the estimate", () => {
  it("moves to the true end once the first jobs of a slow tail are done", () => {
    for (const seed of SEEDS) {
      const { sightings, end } = simulate(SLOW_TAIL, seed);
      const offs = [0.8, 0.88, 0.96].map((share) => {
        const seen = sightings.find(({ done, group }) => done === share * group.totalJobs);
        return end - (seen?.group.estimatedCompletionAt ?? 0);
      });
      const [before = 0, during = 0, late = 0] = offs;
      expect(during).toBeLessThan(before);
      expect(late).toBeLessThan(before / 2);
    }
  });

  it("is absent before 3 jobs have finished, completed or failed", () => {
    const desk = new Desk({ parallelJobs: 10 });
    desk.add(5);
    expect(desk.group.estimatedCompletionAt).toBeNull();
    desk.send({ kind: "open" });
    expect(desk.group.estimatedCompletionAt).toBeNull();
    const seen = desk.claim(5).map((lease, index) => {
      desk.wait(MINUTE).send(index === 1 ? fail(lease, false) : complete(lease));
      return desk.group.estimatedCompletionAt !== null;
    });
    expect(seen.slice(0, 4)).toEqual([false, false, true, true]);
  });

  it("is never in the past", () => {
    const given = Object.values(SCENARIOS).flatMap((scenario) =>
      simulate(scenario, 1).sightings.slice(2, -1),
    );
    const early = given.filter(({ now, group }) => {
      const asked = [now, now + 1, now + MINUTE, now + 1_000 * MINUTE];
      const past = asked.some((later) => (estimateCompletion(group, later) ?? 0) < later);
      return past || (group.estimatedCompletionAt ?? 0) < now;
    });
    expect(early).toEqual([]);
  });

  it("is given when all finished jobs finished in the first millisecond of the run", () => {
    const desk = new Desk({ parallelJobs: 4 });
    desk.add(4);
    desk.send({ kind: "open" });
    for (const lease of desk.claim(3)) desk.send(complete(lease));
    expect(desk.group.estimatedCompletionAt).toBeGreaterThanOrEqual(desk.now);
    expect(estimateCompletion(desk.group, desk.now + MINUTE)).toBeLessThan(desk.now + 2 * MINUTE);
  });

  it("is a year ahead at most, however long a large group has stood still", () => {
    const desk = new Desk({ parallelJobs: 4 });
    desk.add(1_000);
    desk.send({ kind: "open" });
    for (const lease of desk.claim(3)) desk.wait(100).send(complete(lease));
    for (const days of [1, 30, 1_000, 30_000]) {
      const now = desk.now + days * 24 * 60 * MINUTE;
      const estimate = estimateCompletion(desk.group, now) ?? Number.NaN;
      expect(estimate - now).toBeGreaterThan(0);
      expect(estimate - now).toBeLessThanOrEqual(365 * 24 * 60 * MINUTE);
    }
  });

  it("keeps its last value when the group has ended", () => {
    const { desk, sightings } = play(STEADY, 1);
    const last = sightings.at(-2)?.group.estimatedCompletionAt;
    expect(last).toBeTypeOf("number");
    expect(desk.group).toMatchObject({ status: "completed", estimatedCompletionAt: last });
    desk.wait(MINUTE).update({ name: "April" });
    expect(desk.group.estimatedCompletionAt).toBe(last);
    expect(estimateCompletion(desk.group, desk.now + MINUTE)).toBe(last);
  });

  it("is absent after a reopening until 3 jobs of the new run have finished", () => {
    const { desk } = play(STEADY, 1);
    desk.wait(60 * MINUTE).add(5);
    expect(desk.group.estimatedCompletionAt).toBeNull();
    for (const lease of desk.claim(2)) desk.send(complete(lease));
    expect(desk.group).toMatchObject({ status: "processing", estimatedCompletionAt: null });
  });

  it("is absent once the group is cancelled", () => {
    const desk = new Desk({ parallelJobs: 4 });
    desk.add(5);
    desk.send({ kind: "open" });
    for (const lease of desk.claim(4)) desk.wait(MINUTE).send(complete(lease));
    expect(desk.group.estimatedCompletionAt).not.toBeNull();
    desk.send({ kind: "cancel" });
    expect(desk.group.estimatedCompletionAt).toBeNull();
  });
});
