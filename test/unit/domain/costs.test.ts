import { describe, expect, it } from "vitest";
import { Desk } from "./desk.ts";
import { complete, fail, MINUTE, RETRY } from "./helpers.ts";

const unpaid = { currency: null };
const costing = (costMicros: number) => ({ ...unpaid, costMicros, retryAfterSeconds: 0, pages: 1 });

function released(settings = {}): Desk {
  const desk = new Desk(settings);
  desk.add(2);
  desk.send({ kind: "open" });
  return desk;
}

describe("the cost", () => {
  it("of a failed attempt counts in its job and its group, through retry, success and cancel", () => {
    const desk = released({ retryCount: 1 });
    const lease = desk.take();
    desk.send(fail(lease, true, costing(3)));
    desk.send(fail(desk.take(), true, costing(5)));
    expect(desk.job(lease)).toMatchObject({ status: "failed", costMicros: 8, currency: "USD" });
    desk.send(RETRY);
    expect(desk.group).toMatchObject({ totalCostMicros: 8, totalPages: 0, totalProcessingMs: 0 });
    desk.wait(MINUTE).send(complete(desk.take(), { costMicros: 2, pages: 7 }));
    expect(desk.job(lease)).toMatchObject({ costMicros: 10, pages: 7, processingMs: 0 });
    desk.send(fail(desk.take(), true, costing(1)));
    desk.send({ kind: "cancel" });
    expect(desk.group).toMatchObject({ totalCostMicros: 11, totalPages: 7 });
  });

  it("of an earlier attempt stays when the last one reports none", () => {
    const desk = released();
    const lease = desk.take();
    desk.send(fail(lease, true, { ...costing(3), currency: "EUR" }));
    desk.send(complete(desk.take()));
    expect(desk.job(lease)).toMatchObject({ costMicros: 3, currency: "EUR" });
  });

  it("of a repeated report counts once", () => {
    const desk = released({ retryCount: 0 });
    const report = fail(desk.take(), true, costing(3));
    desk.send(report);
    const once = desk.state;
    expect(desk.send(report)).toMatchObject({ outcome: "duplicate" });
    expect(desk.state.group).toEqual(once.group);
    expect(desk.job(report)).toEqual(once.jobs.get(report.jobId));
  });

  it("of a late report, which is refused, counts nowhere", () => {
    const desk = released();
    const late = desk.take();
    desk.wait(30 * MINUTE);
    expect(desk.refusal(fail(late, true, costing(3)))).toBe("LEASE_LOST");
    expect(desk.job(late)).toMatchObject({ costMicros: null, errorCode: "timeout" });
    expect(desk.group).toMatchObject({ totalCostMicros: 0, currency: null });
  });

  it("of a failure in another currency than the group's first cost is refused", () => {
    const desk = released();
    const [one, two] = desk.claim(2);
    if (!one || !two) throw new Error("two leases expected");
    desk.send(fail(one, true, { ...costing(3), currency: "EUR" }));
    const other = fail(two, true, { ...costing(3), currency: "USD" });
    expect(desk.refusal(other)).toBe("CURRENCY_MISMATCH");
    expect(desk.job(two)).toMatchObject({ status: "processing", costMicros: null });
    desk.send(fail(two, true, costing(4)));
    expect(desk.group).toMatchObject({ totalCostMicros: 7, currency: "EUR" });
  });

  it("of all attempts of a job goes with the job when it is deleted", () => {
    const desk = released({ retryCount: 1 });
    const lease = desk.take();
    desk.send(fail(lease, true, costing(3)));
    desk.send(fail(desk.take(), true, costing(5)));
    desk.send(fail(desk.take(), false, costing(1)));
    desk.send({ kind: "erase", jobId: lease.jobId });
    expect(desk.group.totalCostMicros).toBe(1);
  });
});
