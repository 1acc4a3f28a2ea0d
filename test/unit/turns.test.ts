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

const RULES = { most: 1, countedMs: 15_000 };
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
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

test("works of a lane run so many at once, and another lane waits for none of them", async () => {
  const turns = new Turns({ ...RULES, most: 2 });
  const { begun, work } = works();
  const from = Date.now();
  for (const lane of ["a", "a", "a", "b"]) void turns.take(lane, work);
  expect(begun).toEqual([from, from, from]);
  await pass(10 * WORK_MS);
  expect(begun).toHaveLength(4);
  expect((begun[3] ?? 0) - from).toBeGreaterThanOrEqual(WORK_MS);
});

test("while others wait, a lane rests for twice as long as the work took, up to a bound", async () => {
  for (const [longestRestMs, restMs] of [
    [1_000, 2 * WORK_MS],
    [5, 5],
  ] as const) {
    const turns = new Turns({ ...RULES, longestRestMs });
    const { begun, work } = works();
    for (let count = 0; count < 3; count++) void turns.take("a", work);
    await pass(1_000);
    expect(begun).toHaveLength(3);
    for (const [index, at] of begun.slice(1).entries()) {
      expect(at - (begun[index] ?? 0)).toBeGreaterThanOrEqual(WORK_MS + restMs);
    }
  }
});

test("a lane does not rest while nobody else wants the thread", async () => {
  let isAlone = true;
  const turns = new Turns({ ...RULES, longestRestMs: 1_000, mayRest: () => !isAlone });
  const { begun, work } = works();
  const begunWithin = async (ms: number) => {
    for (let count = 0; count < 3; count++) void turns.take("a", work);
    await pass(ms);
    return begun.splice(0).length;
  };
  expect(await begunWithin(4 * WORK_MS)).toBe(3);
  isAlone = false;
  expect(await begunWithin(4 * WORK_MS)).toBe(2);
});

test("a lane does not rest when nobody waits, here or before", async () => {
  let before = 0;
  const turns = new Turns({ ...RULES, longestRestMs: 1_000, waitingBefore: () => before });
  const { begun, work } = works();
  const one = async () => {
    const done = turns.take("a", work);
    await pass(WORK_MS);
    await done;
  };
  await one();
  await one();
  expect((begun[1] ?? 0) - (begun[0] ?? 0)).toBe(WORK_MS);
  before = 1;
  await one();
  void turns.take("a", work);
  expect(begun).toHaveLength(3);
  await pass(3 * WORK_MS);
  expect(begun).toHaveLength(4);
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

test("a torn-down request, whose timers have ended, is missed after two seconds where works beat", async () => {
  const turns = new Turns({ ...RULES, beats: true });
  const working = scheduler;
  vi.stubGlobal("scheduler", { wait: never });
  void turns.take("a", never);
  vi.stubGlobal("scheduler", working);
  const { begun, work } = works();
  void turns.take("a", work);
  await pass(1_900);
  expect(begun).toEqual([]);
  await pass(500);
  expect(begun).toHaveLength(1);
});

test("work that leaves gives its turn up", async () => {
  const turns = new Turns(RULES);
  const gone = new Place();
  void turns.take("a", never, gone);
  turns.leave("a", gone);
  expect(await turns.take("a", async () => "done")).toBe("done");
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
