import { beforeAll, expect, test, vi } from "vitest";
import { SharedReads } from "../../src/lib/shared-reads.ts";
import { Turns } from "../../src/lib/turns.ts";

beforeAll(() => {
  const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  vi.stubGlobal("scheduler", { wait });
});

/** A read that ends when it is told to, and what has begun so far. */
function reads() {
  const begun: string[] = [];
  const ends: ((value: string) => void)[] = [];
  const read = (name: string) => () => {
    begun.push(name);
    return new Promise<string>((resolve) => ends.push(resolve));
  };
  return { begun, ends, read };
}
const turns = () => new Turns({ most: () => 1, countedMs: 15_000 });
const turnsOf =
  (turns: Turns) =>
  (key: string, signal = new AbortController().signal) => ({ key, lane: "lane", turns, signal });
const begin = (count: number, begun: readonly string[]) =>
  vi.waitFor(() => expect(begun).toHaveLength(count));

test("equal reads that come while one runs share the next one, which begins after they have come", async () => {
  const shared = new SharedReads<string>();
  const turn = turnsOf(turns());
  const { begun, ends, read } = reads();
  const first = shared.read(turn("a"), read("first"));
  const others = ["second", "third", "fourth"].map((name) => shared.read(turn("a"), read(name)));
  expect(begun).toEqual(["first"]);
  ends[0]?.("old");
  expect(await first).toBe("old");
  await begin(2, begun);
  ends[1]?.("new");
  expect(await Promise.all(others)).toEqual(["new", "new", "new"]);
  expect(begun).toEqual(["first", "second"]);
});

test("a read that fails fails for all who share it, and the next one runs", async () => {
  const shared = new SharedReads<string>();
  const turn = turnsOf(turns());
  const { begun, ends, read } = reads();
  const first = shared.read(turn("a"), read("first"));
  const fails = () => Promise.reject(new Error("no answer"));
  const sharers = [shared.read(turn("a"), fails), shared.read(turn("a"), fails)];
  const outcomes = Promise.allSettled(sharers);
  ends[0]?.("old");
  await first;
  expect((await outcomes).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  const next = shared.read(turn("a"), read("next"));
  await begin(2, begun);
  ends[1]?.("new");
  expect(await next).toBe("new");
});

test("a read that has not begun when its caller hangs up is done for the others who share it", async () => {
  const shared = new SharedReads<string>();
  const turn = turnsOf(turns());
  const caller = new AbortController();
  const { begun, ends, read } = reads();
  const first = shared.read(turn("a"), read("first"));
  const left = shared.read(turn("a", caller.signal), read("left"));
  const shares = shared.read(turn("a"), read("shares"));
  caller.abort();
  await expect(left).rejects.toThrow("hung up");
  ends[0]?.("old");
  await first;
  await begin(2, begun);
  ends[1]?.("new");
  expect(await shares).toBe("new");
  expect(begun).toEqual(["first", "shares"]);
});

test("a read that has begun goes on when its caller hangs up, for those who share it", async () => {
  const shared = new SharedReads<string>();
  const turn = turnsOf(turns());
  const caller = new AbortController();
  const { begun, ends, read } = reads();
  const first = shared.read(turn("a"), read("first"));
  const led = shared.read(turn("a", caller.signal), read("led"));
  const shares = shared.read(turn("a"), read("shares"));
  ends[0]?.("old");
  await first;
  await begin(2, begun);
  caller.abort();
  ends[1]?.("new");
  expect(await Promise.all([led, shares])).toEqual(["new", "new"]);
});

test("a read whose request was torn down holds up nobody for long", async () => {
  vi.useFakeTimers();
  const shared = new SharedReads<string>();
  const turn = turnsOf(turns());
  void shared.read(turn("a"), () => new Promise(() => undefined));
  const after = shared.read(turn("b"), () => Promise.resolve("b"));
  await vi.advanceTimersByTimeAsync(16_000);
  expect(await after).toBe("b");
  vi.useRealTimers();
});

test("a read that was passed over while the thread was held up gets its turn", async () => {
  vi.useFakeTimers();
  const shared = new SharedReads<string>();
  const turn = turnsOf(turns());
  const { ends, read } = reads();
  const first = shared.read(turn("a"), read("a"));
  const passedOver = shared.read(turn("b"), () => Promise.resolve("b"));
  vi.setSystemTime(Date.now() + 5_000);
  const later = shared.read(turn("c"), () => Promise.resolve("c"));
  ends[0]?.("a");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await Promise.all([first, passedOver, later])).toEqual(["a", "b", "c"]);
  vi.useRealTimers();
});
