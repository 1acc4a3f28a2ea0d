import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Crowded, Place, Turns } from "../../src/lib/turns.ts";

const WORK_MS = 20;

beforeEach(() => {
  vi.useFakeTimers();
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  vi.stubGlobal("scheduler", { wait });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const RULES = { most: () => 1, countedMs: 15_000 };
/** Work that takes a while, and the times at which it began. */
function works() {
  const begun: number[] = [];
  const work = async () => {
    begun.push(Date.now());
    await scheduler.wait(WORK_MS);
  };
  return { begun, work };
}
const never = () => new Promise<void>(() => undefined);
const gapsOf = (begun: readonly number[]) =>
  begun.slice(1).map((at, index) => at - (begun[index] ?? 0));
const isShort = (ms: number) => ms >= 0 && ms <= 2;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("works of a lane run so many at once, and another lane waits for none of them", async () => {
  const turns = new Turns({ ...RULES, most: () => 2 });
  const { begun, work } = works();
  const from = Date.now();
  for (const lane of ["a", "a", "a", "b"]) void turns.take(lane, work);
  expect(begun).toEqual([from, from, from]);
  await pass(10 * WORK_MS);
  expect(begun).toHaveLength(4);
  expect((begun[3] ?? 0) - from).toBeGreaterThanOrEqual(WORK_MS);
});

test("a work begins two milliseconds after the one before it ends, at the latest", async () => {
  const turns = new Turns(RULES);
  const { begun, work } = works();
  for (let count = 0; count < 4; count++) void turns.take("a", work);
  await pass(1_000);
  expect(begun).toHaveLength(4);
  for (const gap of gapsOf(begun)) expect(gap - WORK_MS).toSatisfy(isShort);
});

test("a lane that may have more at once than before lets in all who wait at once", async () => {
  let most = 1;
  const turns = new Turns({ ...RULES, most: () => most });
  const { begun, work } = works();
  const ends = turns.take("a", () => scheduler.wait(10));
  for (let count = 0; count < 3; count++) void turns.take("a", work);
  most = 3;
  await pass(10);
  await ends;
  await pass(2);
  expect(begun).toHaveLength(3);
});

test("a lane rests after a work for as long as it is told, and is told how many wait", async () => {
  const told: unknown[] = [];
  const restAfter = (name: string, tookMs: number, waiting: number) => {
    told.push([name, tookMs, waiting]);
    return waiting * 100;
  };
  const turns = new Turns({ ...RULES, restAfter });
  const { begun, work } = works();
  for (let count = 0; count < 3; count++) void turns.take("a", work);
  await pass(1_000);
  expect(told).toEqual([2, 1, 0].map((waiting) => ["a", WORK_MS, waiting]));
  const [afterFirst = 0, afterSecond = 0] = gapsOf(begun);
  expect(afterFirst - WORK_MS - 200).toSatisfy(isShort);
  expect(afterSecond - WORK_MS - 100).toSatisfy(isShort);
});

test("work beyond those at once runs while timers come on time, and waits when they come late", async () => {
  const turns = new Turns({ ...RULES, passesOnTime: true });
  const { begun, work } = works();
  void turns.take("a", never);
  void turns.take("a", work);
  await pass(1);
  expect(begun).toHaveLength(1);
  void turns.take("a", work);
  vi.setSystemTime(Date.now() + 10);
  await pass(1);
  expect(begun).toHaveLength(1);
});

test("work that fails ends its turn", async () => {
  const turns = new Turns(RULES);
  const failing = turns.take("a", () => Promise.reject(new Error("torn")));
  await expect(failing).rejects.toThrow("torn");
  expect(await turns.take("a", async () => "done")).toBe("done");
});

test("a turn whose request was torn down holds the others up for so long at most", async () => {
  const turns = new Turns(RULES);
  void turns.take("a", never);
  const { begun, work } = works();
  void turns.take("a", work);
  await pass(14_000);
  expect(begun).toEqual([]);
  await pass(2_000);
  expect(begun).toHaveLength(1);
});

test("work that leaves gives its turn up at once", async () => {
  const turns = new Turns(RULES);
  const gone = new Place();
  void turns.take("a", never, gone);
  const { begun, work } = works();
  void turns.take("a", work);
  turns.leave("a", gone);
  await pass(2);
  expect(begun).toHaveLength(1);
});

test("work whose caller hangs up while it waits is never done, and the next one comes in its place", async () => {
  const turns = new Turns(RULES);
  const first = new Place();
  const gone = new Place();
  const { begun, work } = works();
  void turns.take("a", never, first);
  const waiting = turns.take("a", () => Promise.reject(new Error("done")), gone);
  void turns.take("a", work);
  const outcome = Promise.allSettled([waiting]);
  turns.leave("a", gone);
  await pass(2);
  expect(await outcome).toMatchObject([{ status: "rejected", reason: { name: "AbortError" } }]);
  turns.leave("a", first);
  await pass(2);
  expect(begun).toHaveLength(1);
});

test("work that waits is passed over after two seconds when its request was torn down", async () => {
  const turns = new Turns(RULES);
  const first = new Place();
  void turns.take("a", never, first);
  const working = scheduler;
  vi.stubGlobal("scheduler", { wait: never });
  const torn = new Place();
  void turns.take("a", never, torn);
  torn.call = () => undefined;
  vi.stubGlobal("scheduler", working);
  const { begun, work } = works();
  void turns.take("a", work);
  turns.leave("a", first);
  await pass(1_900);
  expect(begun).toEqual([]);
  await pass(400);
  expect(begun).toHaveLength(1);
});

test("only so many works of a lane wait; more are refused and leave no trace", async () => {
  const turns = new Turns({ ...RULES, mostWaiting: 1 });
  const { begun, work } = works();
  void turns.take("a", work);
  void turns.take("a", work);
  await expect(turns.take("a", work)).rejects.toThrow(Crowded);
  await pass(10 * WORK_MS);
  expect(begun).toHaveLength(2);
  expect(turns.waiting("a")).toBe(0);
});
