import { expect, test } from "vitest";
import { Clock } from "../bench/simulator/clock.ts";
import { Coordinator } from "../bench/simulator/coordinator.ts";
import { Database } from "../bench/simulator/database.ts";
import measured from "../bench/simulator/measured.json" with { type: "json" };
import { type Setup, simulate } from "../bench/simulator/simulate.ts";
import { even, oneHot, place, skewed } from "../bench/simulator/workspaces.ts";
import { randomFrom } from "../support/random.ts";

const SETUP: Setup = {
  service: measured.service,
  distanceMs: 5,
  databases: 1,
  workspaces: even(16, 512),
  readingMs: 0,
  seconds: 60,
  seed: 1,
};

interface Span {
  readonly from: number;
  readonly until: number;
}

/** Batches that arrive independently, so many a second, at one database beside its callers. */
function poisson(perSecond: number, serviceMs: number, seconds: number) {
  const clock = new Clock();
  const random = randomFrom(7);
  const spans: Span[] = [];
  const waits: number[] = [];
  const database = new Database(clock, 0, (from, until) => spans.push({ from, until }));
  let [sent, answered, held, changedAt] = [0, 0, 0, 0];
  const change = (by: number): void => {
    held += (sent - answered) * (clock.now - changedAt);
    changedAt = clock.now;
    if (by > 0) sent++;
    else answered++;
  };
  const arrive = (): void => {
    const arrivedAt = clock.now;
    change(1);
    database.send(serviceMs, () => {
      change(-1);
      waits.push(clock.now - arrivedAt - serviceMs);
    });
    clock.after((-Math.log(1 - random()) * 1_000) / perSecond, arrive);
  };
  arrive();
  clock.runUntil(seconds * 1_000);
  const meanWaitMs = waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  const busy = database.busyMs / clock.now;
  return { spans, sent, answered, meanWaitMs, busy, meanHeld: held / clock.now };
}

test("events happen in the order of their times, and of their planning within one time", () => {
  const clock = new Clock();
  const random = randomFrom(3);
  const happened: [at: number, nth: number][] = [];
  for (let nth = 0; nth < 1_000; nth++) {
    const at = Math.floor(random() * 100);
    clock.after(at, () => happened.push([at, nth]));
  }
  clock.runUntil(100);
  expect(happened).toHaveLength(1_000);
  expect(happened).toEqual(happened.toSorted(([a, m], [b, n]) => a - b || m - n));
});

test("a database serves one batch at a time, in the order of arrival, and rests only while none waits", () => {
  const { spans } = poisson(300, 3, 60);
  expect(spans.length).toBeGreaterThan(15_000);
  const overlapping = spans.filter(({ from }, nth) => from < (spans[nth - 1]?.until ?? 0));
  expect(overlapping).toEqual([]);
});

test.each([0.3, 0.5, 0.8, 0.9])(
  "at a load of %f a database waits as an M/D/1 queue does",
  (load) => {
    const serviceMs = 3;
    const perSecond = (load * 1_000) / serviceMs;
    const { meanWaitMs, busy, meanHeld } = poisson(perSecond, serviceMs, 3_000);
    const expectedMs = (load * serviceMs) / (2 * (1 - load));
    expect(busy).toBeCloseTo(load, 2);
    expect(meanWaitMs / expectedMs).toBeGreaterThan(0.95);
    expect(meanWaitMs / expectedMs).toBeLessThan(1.05);
    // Little: the batches that are there are those that arrive while one is.
    expect(meanHeld / ((perSecond * (meanWaitMs + serviceMs)) / 1_000)).toBeCloseTo(1, 1);
  },
);

test("commands that arrive during a commit form the next one, of 64 at most", () => {
  const clock = new Clock();
  const commits: number[] = [];
  const database = new Database(clock, 5);
  const cost = { baseMs: 2, perCommandMs: 0.1 };
  const group = new Coordinator(database, cost, { onCommit: (commands) => commits.push(commands) });
  let answered = 0;
  for (let nth = 0; nth < 100; nth++) group.execute(() => answered++);
  clock.runUntil(5 + 2.1);
  expect([answered, ...commits]).toEqual([1, 1, 64]);
  clock.runUntil(1_000);
  expect([answered, ...commits]).toEqual([100, 1, 64, 35]);
});

test("every request is answered once or still open, none is lost or answered twice", () => {
  for (const databases of [1, 3]) {
    const { sent, answered, open, jobsPerSecond } = simulate({ ...SETUP, databases });
    expect(answered + open).toBe(sent);
    expect(open).toBeLessThanOrEqual(512);
    expect(jobsPerSecond).toBeGreaterThan(0);
  }
});

test("processors that mostly read complete a job in each time of reading and answering", () => {
  const { jobsPerSecond, p50Ms, busiest } = simulate({ ...SETUP, readingMs: 20_000, seconds: 600 });
  expect(busiest).toBeLessThan(0.5);
  expect(jobsPerSecond / (512_000 / (20_000 + 2 * p50Ms))).toBeCloseTo(1, 1);
});

test("the same seed gives the same figures, another seed others", () => {
  const readingMs = 50;
  const once = simulate({ ...SETUP, readingMs });
  expect(simulate({ ...SETUP, readingMs })).toEqual(once);
  expect(simulate({ ...SETUP, readingMs, seed: 2 })).not.toEqual(once);
});

test("a workspace goes to the emptiest database", () => {
  expect(place([5, 1, 1, 1, 1, 1], 2)).toEqual([0, 1, 1, 1, 1, 1]);
  expect(place(even(8, 80), 4)).toEqual([0, 1, 2, 3, 0, 1, 2, 3]);
});

test("skewed and hot workspaces have all the processors, and the largest as many as said", () => {
  const [zipf, hot] = [skewed(16, 512, randomFrom(1)), oneHot(16, 512)];
  const sum = (sizes: readonly number[]) => sizes.reduce((total, size) => total + size);
  expect(Math.abs(sum(zipf) - 512)).toBeLessThan(16);
  expect(Math.abs(sum(hot) - 512)).toBeLessThan(16);
  expect(Math.max(...zipf)).toBe(Math.round(512 / 3.3807));
  expect(Math.max(...hot)).toBe(256);
});

test("two databases serve 1.9 times as much and four 3.6 times, for workspaces that are alike", () => {
  const rate = (databases: number) => simulate({ ...SETUP, databases }).jobsPerSecond;
  const [one, two, four] = [rate(1), rate(2), rate(4)];
  expect(two / one).toBeGreaterThan(1.9);
  expect(four / one).toBeGreaterThan(3.6);
});

test("a hot workspace gets no more than one database, and the others keep theirs", () => {
  const setup = { ...SETUP, workspaces: oneHot(16, 512) };
  const whole = simulate({ ...setup, workspaces: [512] });
  const [four, sixteen] = [
    simulate({ ...setup, databases: 4 }),
    simulate({ ...setup, databases: 16 }),
  ];
  expect(four.largest / whole.jobsPerSecond).toBeLessThan(1.05);
  expect(sixteen.largest / four.largest).toBeCloseTo(1, 1);
  expect(sixteen.jobsPerSecond).toBeGreaterThan(2 * four.jobsPerSecond);
});
