import { describe, expect, it } from "vitest";
import type { RetryChoice } from "../../../src/domain/commands.ts";
import { Desk } from "./desk.ts";
import { complete, fail } from "./helpers.ts";

const ANY: RetryChoice = { statuses: ["failed", "completed"], jobIds: null, errorCodes: null };

/** A group that has ended: a job completed, one failed as `blank`, and one as `torn`. */
function ended() {
  const desk = new Desk({ retryCount: 0, maxFailureRate: null });
  desk.add(3);
  desk.send({ kind: "open" });
  const [good, blank, torn] = desk.claim(3);
  if (!good || !blank || !torn) throw new Error("three leases expected");
  desk.send(complete(good, { pages: 4, costMicros: 100, extractedData: "{}" }));
  desk.send({ ...fail(blank), errorCode: "blank" });
  desk.send({ ...fail(torn), errorCode: "torn" });
  const run = (choice: Partial<RetryChoice>, dryRun = false) =>
    desk.ask({ kind: "retry", choice: { ...ANY, ...choice }, dryRun });
  return { desk, good, blank, torn, run };
}

describe("a retry by choice", () => {
  it("takes the jobs that match all its conditions, and no others", () => {
    const { desk, blank, torn, run } = ended();
    const nothing = { statuses: ["failed"], errorCodes: ["blank"], jobIds: [torn.jobId] } as const;
    expect(run(nothing)).toMatchObject({ refusal: { code: "NOTHING_TO_RETRY" } });
    expect(run({ errorCodes: ["blank"] })).toMatchObject({ reply: { matched: 1 } });
    expect(desk.job(blank).status).toBe("queued");
    expect(desk.group).toMatchObject({ status: "queued", completedJobs: 1, failedJobs: 1, run: 2 });
  });

  it("takes a completed job out of counters, pages and times, and leaves cost and result", () => {
    const { desk, good, run } = ended();
    run({ statuses: ["completed"] });
    expect(desk.group).toMatchObject({
      completedJobs: 0,
      totalPages: 0,
      totalProcessingMs: 0,
      totalCostMicros: 100,
    });
    expect(desk.job(good)).toMatchObject({ status: "queued", attempts: 0, pages: 4 });
    const again = desk.take();
    expect(again).toMatchObject({ jobId: good.jobId, attempt: 1 });
    desk.send(complete(again, { pages: 2, costMicros: 50 }));
    expect(desk.group).toMatchObject({ completedJobs: 1, totalPages: 2, totalCostMicros: 150 });
    expect(desk.job(good)).toMatchObject({ pages: 2, costMicros: 150 });
  });

  it("only counts in a dry run, also when nothing matches", () => {
    const { desk, run } = ended();
    const before = desk.state.group;
    expect(run({}, true)).toMatchObject({ ok: true, reply: { matched: 3 } });
    expect(run({ errorCodes: ["none"] }, true)).toMatchObject({ ok: true, reply: { matched: 0 } });
    expect(desk.state.group).toEqual(before);
  });

  it("counts a job that has just timed out", () => {
    const desk = new Desk({ retryCount: 0, timeoutMinutes: 5 });
    desk.add(2);
    desk.send({ kind: "open" });
    desk.take();
    desk.wait(5 * 60_000);
    const choice = { ...ANY, errorCodes: ["timeout"] };
    expect(desk.send({ kind: "retry", choice, dryRun: false }).matched).toBe(1);
    expect(desk.group).toMatchObject({ failedJobs: 0, pendingJobs: 2 });
  });
});
