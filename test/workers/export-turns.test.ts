import { afterEach, expect, test, vi } from "vitest";
import { ExportTurns } from "../../src/api/results/export-turns.ts";

const [WORK_MS, MINUTE_MS] = [20, 60_000];

afterEach(() => vi.useRealTimers());

const later = (ms: number) => vi.useFakeTimers({ toFake: ["Date"] }).setSystemTime(Date.now() + ms);

function entered(turns: ExportTurns, workspace = "a") {
  const running = turns.enter(workspace);
  if (running === undefined) throw new Error("refused");
  return running;
}

test("exports work one at a time, and leave the thread to others for as long as they had it", async () => {
  const turns = new ExportTurns(8);
  const spans: { from: number; to: number }[] = [];
  const work = async () => {
    const from = Date.now();
    await scheduler.wait(WORK_MS);
    spans.push({ from, to: Date.now() });
  };
  await Promise.all([1, 2, 3].map(() => turns.take(entered(turns), work)));
  const rests = spans.slice(1).map(({ from }, index) => {
    const before = spans[index] ?? { from, to: from };
    return { rest: from - before.to, worked: before.to - before.from };
  });
  expect(rests).toHaveLength(2);
  for (const { rest, worked } of rests) expect(rest).toBeGreaterThanOrEqual(Math.min(worked, 25));
});

test("work that fails ends its turn", async () => {
  const turns = new ExportTurns(8);
  const failing = turns.take(entered(turns), () => Promise.reject(new Error("torn")));
  await expect(failing).rejects.toThrow("torn");
  expect(await turns.take(entered(turns), async () => "done")).toBe("done");
});

test("a turn whose request was torn down holds the others up for 15 seconds at most", async () => {
  const turns = new ExportTurns(8);
  void turns.take(entered(turns), () => new Promise(() => {}));
  const next = turns.take(entered(turns), async () => "done");
  await scheduler.wait(WORK_MS);
  expect(await Promise.race([next, Promise.resolve("waits")])).toBe("waits");
  later(15_001);
  expect(await next).toBe("done");
});

test("an export that leaves gives its turn up", async () => {
  const turns = new ExportTurns(8);
  const gone = entered(turns);
  void turns.take(gone, () => new Promise(() => {}));
  turns.leave(gone);
  expect(await turns.take(entered(turns), async () => "done")).toBe("done");
});

test("a workspace has so many exports, of which those that ask for nothing for a minute do not count", () => {
  const turns = new ExportTurns(2);
  const first = entered(turns);
  entered(turns);
  expect(turns.enter("a")).toBeUndefined();
  entered(turns, "b");
  turns.leave(first);
  entered(turns);
  expect(turns.enter("a")).toBeUndefined();
  later(MINUTE_MS + 1);
  entered(turns);
});
