import { describe, expect, it, test } from "vitest";
import type { BatchResult } from "../../../src/coordinator/batch-result.ts";
import { CommandQueue } from "../../../src/coordinator/command-queue.ts";
import type { CommandRequest, Outcome } from "../../../src/coordinator/protocol.ts";
import type { Command } from "../../../src/domain/commands.ts";
import { RETRY, SETTINGS } from "../domain/helpers.ts";
import { answered, done, held, OPEN, request, result, update } from "./held-queue.ts";

const CANCEL = request({ kind: "cancel" });

/** The sizes of the batches in which these requests are committed when all of them wait. */
async function sizesOf(...requests: CommandRequest[]): Promise<number[]> {
  const { queue, batches, letGo } = held();
  const answers = [OPEN, ...requests].map((each) => queue.execute(each));
  letGo();
  await Promise.all(answers);
  return batches.slice(1).map(({ length }) => length);
}

describe("a command queue", () => {
  it("commits the first command at once, and all that arrive meanwhile together", async () => {
    const { queue, batches, letGo } = held();
    const answers = [OPEN, OPEN, OPEN].map((each) => queue.execute(each));
    expect(batches).toEqual([[OPEN]]);
    letGo();
    expect(await Promise.all(answers)).toEqual([done, done, done]);
    expect(batches).toEqual([[OPEN], [OPEN, OPEN]]);
  });

  it("commits a command that arrives after the last batch was answered", async () => {
    const { queue, batches, letGo } = held();
    const first = queue.execute(OPEN);
    letGo();
    await first;
    expect(await queue.execute(CANCEL)).toEqual(done);
    expect(batches).toEqual([[OPEN], [CANCEL]]);
  });

  it("ends a batch with a command that changes jobs which are not loaded", async () => {
    const sets: Command[] = [
      { kind: "create", id: "g", input: SETTINGS },
      { kind: "delete" },
      { kind: "add", jobs: [], idSuffix: "" },
      { kind: "cancel" },
      RETRY,
    ];
    for (const command of sets) {
      expect(await sizesOf(OPEN, request(command), OPEN)).toEqual([2, 1]);
    }
  });

  it("begins a batch with a command that names a revision", async () => {
    expect(await sizesOf(OPEN, update({ ifMatch: ["r"] }), OPEN)).toEqual([1, 2]);
    expect(await sizesOf(OPEN, update(), OPEN)).toEqual([3]);
  });

  it("begins a batch with a retry by choice, because its jobs are counted as they are stored", async () => {
    const choice = { statuses: ["failed"], jobIds: null, errorCodes: null } as const;
    expect(await sizesOf(OPEN, request({ ...RETRY, choice }), OPEN)).toEqual([1, 1, 1]);
  });

  it("lets beats, and nothing else, come between the steps of a command", async () => {
    const step = (after: string) => request({ kind: "cancel", step: { after, done: 0 } });
    const beat = request({ kind: "beat", leases: [] });
    const batches: string[] = [];
    const commit = async (batch: readonly CommandRequest[]): Promise<BatchResult> => {
      batches.push(batch.map(({ command }) => command.kind).join());
      if (batches.length === 2) void queue.execute(beat);
      const rests = [CANCEL, step("1"), step("2")];
      const outcomes = batch.map(({ command }) => {
        const rest = command.kind === "cancel" ? rests.shift() : undefined;
        const isLast = batches.length > 4 || rest === undefined;
        return isLast ? done : { ...done, rest: step(String(batches.length)).command };
      });
      return {
        ...answered(batch),
        outcomes,
        after: { revision: "r", opening: null, decidedAt: 0 },
      };
    };
    const queue = new CommandQueue(commit, () => undefined);
    const answers = await Promise.all([CANCEL, OPEN, OPEN].map((each) => queue.execute(each)));
    expect(answers).toEqual([done, done, done]);
    expect(batches).toEqual(["cancel", "cancel", "beat", "cancel", "cancel", "open,open"]);
  });

  it("commits commands of one workspace at a time", async () => {
    const foreign = { ...OPEN, workspace: "another" };
    expect(await sizesOf(OPEN, foreign, foreign, OPEN)).toEqual([1, 2, 1]);
  });

  it("commits at most 64 commands at a time", async () => {
    expect(await sizesOf(...Array.from({ length: 130 }, () => OPEN))).toEqual([64, 64, 2]);
  });

  it("commits at most a million characters of results at a time, or one result alone", async () => {
    expect(await sizesOf(result(600_000), result(400_000), result(1))).toEqual([2, 1]);
    expect(await sizesOf(result(1_000_001), OPEN)).toEqual([1, 1]);
  });
});

describe("a full command queue turns a command away as UNAVAILABLE", () => {
  const UNAVAILABLE = { ok: false, refusal: { code: "UNAVAILABLE" } };

  it("beyond 1,000 waiting commands, and takes commands again when they are committed", async () => {
    const { queue, letGo } = held();
    const answers = Array.from({ length: 1_001 }, () => queue.execute(OPEN));
    expect(await queue.execute(OPEN)).toMatchObject(UNAVAILABLE);
    letGo();
    expect(await Promise.all(answers)).toEqual(answers.map(() => done));
    expect(await queue.execute(OPEN)).toEqual(done);
  });

  it("beyond 16 million characters, the batch being committed included", async () => {
    const { queue, letGo } = held();
    const answers = [queue.execute(result(9_000_000)), queue.execute(result(6_000_000))];
    expect(await queue.execute(result(2_000_000))).toMatchObject(UNAVAILABLE);
    letGo();
    await Promise.all(answers);
    expect(await queue.execute(result(9_000_000))).toEqual(done);
  });
});

describe("a batch", () => {
  it("that could not be committed is UNAVAILABLE to all its callers", async () => {
    const queue = new CommandQueue(
      () => Promise.resolve({ kind: "unavailable" }),
      () => undefined,
    );
    expect(await queue.execute(OPEN)).toMatchObject({
      ok: false,
      refusal: { code: "UNAVAILABLE" },
    });
  });

  it("gives each caller its own outcome, and rejects the one whose rules have a bug", async () => {
    const refused: Outcome = { ok: false, refusal: { code: "GROUP_EMPTY", detail: "" } };
    const bug = new Error("a bug");
    const outcomes = (batch: readonly unknown[]) =>
      batch.length === 1 ? [done] : [refused, bug, done];
    const queue = new CommandQueue(
      (batch) => Promise.resolve({ ...answered(batch), outcomes: outcomes(batch) }),
      () => undefined,
    );
    const answers = await Promise.allSettled([OPEN, OPEN, OPEN, OPEN].map((r) => queue.execute(r)));
    expect(answers).toEqual([
      { status: "fulfilled", value: done },
      { status: "fulfilled", value: refused },
      { status: "rejected", reason: bug },
      { status: "fulfilled", value: done },
    ]);
  });

  it("that the database refuses is committed one by one: only the poison fails", async () => {
    const poison = update();
    const batches: (readonly CommandRequest[])[] = [];
    const commit = (batch: readonly CommandRequest[]): Promise<BatchResult> => {
      batches.push(batch);
      return Promise.resolve(batch.includes(poison) ? { kind: "refused" } : answered(batch));
    };
    const queue = new CommandQueue(commit, () => undefined);
    const all = [OPEN, OPEN, poison, OPEN].map((each) => queue.execute(each));
    const settled = await Promise.allSettled(all);
    expect(settled.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(batches).toEqual([[OPEN], [OPEN, poison, OPEN], [OPEN], [poison], [OPEN]]);
  });
});

test("a drain is handed over as background work, and ends when nothing waits", async () => {
  const background: Promise<void>[] = [];
  const queue = new CommandQueue(
    (batch) => Promise.resolve(answered(batch)),
    (work) => void background.push(work),
  );
  const answers = [queue.execute(OPEN), queue.execute(OPEN)];
  expect(background).toHaveLength(1);
  await background[0];
  expect(await Promise.all(answers)).toEqual([done, done]);
});

test("a commit that throws rejects its own batch, and the next batch is committed", async () => {
  let calls = 0;
  const commit = (batch: readonly CommandRequest[]): Promise<BatchResult> =>
    calls++ === 0 ? Promise.reject(new Error("a bug")) : Promise.resolve(answered(batch));
  const queue = new CommandQueue(commit, () => undefined);
  const settled = await Promise.allSettled([queue.execute(OPEN), queue.execute(OPEN)]);
  expect(settled.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});
