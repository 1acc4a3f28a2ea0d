import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { estimateCompletion } from "../../../src/domain/estimate.ts";
import type { GroupInput } from "../../../src/domain/group.ts";
import { Desk, deskIn } from "./desk.ts";
import { complete, fail, MINUTE, RETRY } from "./helpers.ts";

/** A released group of so many jobs. */
function released(jobs: number, settings: Partial<GroupInput>): Desk {
  const desk = new Desk({ retryCount: 0, parallelJobs: 10, ...settings });
  desk.add(jobs);
  desk.send({ kind: "open" });
  return desk;
}

/** Finishes a job; `false` when none can be claimed. */
function finish(desk: Desk, failed: boolean): boolean {
  const [lease] = desk.claim(1);
  if (lease === undefined) return false;
  desk.wait(1_000).send(failed ? fail(lease) : complete(lease, { costMicros: 10 }));
  return true;
}

describe("a paused group", () => {
  it("grants no lease, not even the next one of a report, and takes reports of running leases", () => {
    const desk = released(4, {});
    const [one, two] = desk.claim(2);
    if (!one || !two) throw new Error("two leases expected");
    desk.send({ kind: "pause", reason: "outage" });
    const { next } = desk.send(complete(one, { nextLeaseId: "next" }));
    expect(next).toEqual({ leases: [], reason: "paused", retryAt: null });
    expect(desk.send(fail(two)).outcome).toBe("applied");
    expect(desk.group).toMatchObject({ completedJobs: 1, failedJobs: 1, pauseReason: "outage" });
  });

  it("is not paused any more when its last running job ends it, or when it is cancelled", () => {
    const ended = released(1, {});
    const lease = ended.take();
    ended.send({ kind: "pause", reason: null });
    ended.send(complete(lease));
    const cancelled = released(1, {});
    cancelled.send({ kind: "pause", reason: null });
    cancelled.send({ kind: "cancel" });
    for (const { group } of [ended, cancelled]) {
      expect(group).toMatchObject({ pausedAt: null, pauseReason: null });
    }
  });

  it("has no estimate, and its pause does not slow the estimate after it", () => {
    const [paused, other] = [released(60, {}), released(60, {})];
    for (const desk of [paused, other]) for (let n = 0; n < 9; n++) finish(desk, false);
    paused.send({ kind: "pause", reason: null });
    expect(estimateCompletion(paused.group, paused.now)).toBeNull();
    paused.wait(600 * MINUTE).send({ kind: "resume" });
    for (const desk of [paused, other]) finish(desk, false);
    const left = ({ group, now }: Desk) => Number(estimateCompletion(group, now)) - now;
    expect(left(paused)).toBe(left(other));
  });

  it.each(["completed", "failed", "cancelled"] as const)("cannot be made of a %s one", (status) => {
    const desk = deskIn(status);
    const code = status === "cancelled" ? "GROUP_CANCELLED" : "GROUP_FINISHED";
    expect(desk.refusal({ kind: "pause", reason: null })).toBe(code);
    expect(desk.refusal({ kind: "resume" })).toBe(code);
  });

  it("keeps its first reason when it is paused again; resuming a group that is not paused changes nothing", () => {
    const desk = released(2, {});
    const before = desk.state;
    desk.send({ kind: "resume" });
    expect(desk.state.group).toBe(before.group);
    desk.send({ kind: "pause", reason: "first" });
    const { group } = desk;
    desk.wait(1_000).send({ kind: "pause", reason: "second" });
    expect(desk.group).toBe(group);
  });
});

describe("maxFailureRate", () => {
  it("pauses a group at the first failure above the share of the last 50, in every order of results", () => {
    const rate = fc.constantFrom(0.1, 0.3, 0.5, 1);
    const results = fc.array(fc.boolean(), { minLength: 60, maxLength: 120, size: "max" });
    fc.assert(
      fc.property(rate, results, (maxFailureRate, failures) => {
        const desk = released(150, { maxFailureRate });
        const seen: boolean[] = [];
        for (const failed of failures) {
          const last = seen.slice(-50);
          const share = last.filter(Boolean).length / last.length;
          const isOver = last.length >= 20 && share > maxFailureRate;
          expect(desk.group.pauseReason).toBe(isOver ? "failure_rate" : null);
          if (isOver) {
            desk.send({ kind: "resume" });
            seen.length = 0;
          }
          expect(finish(desk, failed)).toBe(true);
          seen.push(failed);
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each([300, 1_000, 1_900])(
    "stops an outage that begins at job %i of 2,000 within 60 failures, and all are read in the end",
    (from) => {
      const desk = released(2_000, { maxFailureRate: 0.5 });
      for (let n = 0; n < from; n++) finish(desk, false);
      while (finish(desk, true));
      expect(desk.group).toMatchObject({ pauseReason: "failure_rate", status: "processing" });
      expect(desk.group.failedJobs).toBeLessThanOrEqual(60);
      desk.send({ kind: "resume" });
      desk.send(RETRY);
      while (finish(desk, false));
      expect(desk.group).toMatchObject({
        status: "completed",
        completedJobs: 2_000,
        failedJobs: 0,
      });
      expect(desk.group.totalCostMicros).toBe(20_000);
    },
  );
});

describe("maxCost", () => {
  const reach = (desk: Desk) => {
    while (finish(desk, false));
    return desk.group.totalCostMicros;
  };

  it("pauses a group once, with the report that reaches it", () => {
    const desk = released(40, { maxCostMicros: 100 });
    expect(reach(desk)).toBe(100);
    expect(desk.group.pauseReason).toBe("max_cost");
    desk.send({ kind: "resume" });
    expect(reach(desk)).toBe(400);
  });

  it("pauses a resumed group again only when it was changed and is reached", () => {
    const desk = released(40, { maxCostMicros: 100 });
    reach(desk);
    desk.send({ kind: "resume" });
    desk.update({ retryCount: 0, parallelJobs: 10, maxCostMicros: 200 });
    expect(reach(desk)).toBe(200);
    expect(desk.group.pauseReason).toBe("max_cost");
  });
});

it("a pause is announced; only one that nobody asked for is e-mailed", () => {
  const asked = released(2, {});
  asked.send({ kind: "pause", reason: null });
  const own = released(20, { maxCostMicros: 10 });
  finish(own, false);
  const paused = [asked, own].map(({ state }) => state.notices.at(-1));
  expect(paused).toMatchObject([
    { event: "job_group.paused", recipients: [] },
    { event: "job_group.paused", recipients: ["ap@example.com"] },
  ]);
});
