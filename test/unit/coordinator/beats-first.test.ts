import { describe, expect, it } from "vitest";
import { CommandQueue } from "../../../src/coordinator/command-queue.ts";
import type { CommandRequest, Outcome } from "../../../src/coordinator/protocol.ts";
import { answered, done, held, OPEN, request, result } from "./held-queue.ts";

describe("beats", () => {
  const BEAT = request({ kind: "beat", leases: [{ jobId: "j", leaseId: "l" }] });
  const ADD = request({ kind: "add", jobs: [], idSuffix: "" });
  const foreign = { ...BEAT, workspace: "another" };

  /** The batches in which these requests are committed when all of them wait, and `more` comes with each batch. */
  async function batchesOf(requests: CommandRequest[], more: CommandRequest[] = []) {
    const batches: string[] = [];
    const late: Promise<Outcome>[] = [];
    const queue: CommandQueue = new CommandQueue(
      async (batch) => {
        batches.push(batch.map(({ command }) => command.kind).join());
        await Promise.resolve();
        const next = batches.length > 1 ? more.pop() : undefined;
        if (next) late.push(queue.execute(next));
        return answered(batch);
      },
      () => undefined,
    );
    await Promise.all([OPEN, ...requests].map((each) => queue.execute(each)));
    await Promise.all(late);
    return batches;
  }

  it("go together ahead of all commands, behind the one batch that is being committed", async () => {
    const batches = await batchesOf([ADD, ADD, BEAT, OPEN, BEAT]);
    expect(batches).toEqual(["open", "beat,beat", "add", "add", "open"]);
  });

  it("that come all the time are committed with the next commands, and keep none waiting", async () => {
    const batches = await batchesOf([ADD, BEAT, ADD], [BEAT, BEAT, BEAT, BEAT]);
    expect(batches).toEqual(["open", "beat", "beat,add", "beat", "beat,add", "beat"]);
  });

  it("of one workspace go together", async () => {
    expect(await batchesOf([BEAT, foreign, BEAT])).toEqual(["open", "beat,beat", "beat"]);
  });

  it("are taken when the queue is full of commands, up to 1,000 of them", async () => {
    const { queue, letGo } = held();
    const full = [result(15_000_000), ...Array.from({ length: 1_000 }, () => BEAT)];
    const answers = full.map((each) => queue.execute(each));
    for (const more of [BEAT, result(1_000_000)]) {
      expect(await queue.execute(more)).toMatchObject({ refusal: { code: "UNAVAILABLE" } });
    }
    letGo();
    expect(await Promise.all(answers)).toEqual(answers.map(() => done));
  });
});
