import { describe, expect, it } from "vitest";
import { historyOf } from "../../../src/domain/history.ts";
import { Desk } from "./desk.ts";
import { complete, fail, MINUTE, release, START } from "./helpers.ts";

function released(settings = {}): Desk {
  const desk = new Desk(settings);
  desk.add(1);
  desk.send({ kind: "open" });
  return desk;
}

const held = { workerId: "worker", leasedAt: START, endedAt: START + MINUTE, attempt: 1 };
const blank = { errorCode: null, error: null, pages: null, costMicros: null, currency: null };

describe("an attempt that has ended", () => {
  it("is told with its worker, its times and how it ended", () => {
    const desk = released({ timeoutMinutes: 5 });
    const lease = desk.take();
    desk.wait(MINUTE).send(release(lease, 0, "429"));
    const next = desk.take();
    desk
      .wait(MINUTE)
      .send(
        fail(next, true, { errorCode: "blurred", pages: 2, costMicros: 9, retryAfterSeconds: 0 }),
      );
    desk.take();
    desk.wait(20 * MINUTE).send({ kind: "expire" });
    desk.take();
    desk.wait(MINUTE).send({ kind: "cancel" });
    const minute = (from: number, to: number) => ({
      leasedAt: START + from * MINUTE,
      endedAt: START + to * MINUTE,
    });
    const error = "The attempt timed out after 5 minutes.";
    expect(desk.job(lease).ended).toEqual([
      { ...held, ...blank, outcome: "released", error: "429" },
      {
        ...held,
        ...minute(1, 2),
        outcome: "failed",
        error: "unreadable",
        errorCode: "blurred",
        pages: 2,
        costMicros: 9,
        currency: "USD",
      },
      {
        ...held,
        ...blank,
        ...minute(2, 7),
        attempt: 2,
        outcome: "timed_out",
        error,
        errorCode: "timeout",
      },
      { ...held, ...blank, ...minute(22, 23), attempt: 3, outcome: "cancelled" },
    ]);
  });

  it("is told by the job's own fields when it is a completion and the only one", () => {
    const desk = released();
    const lease = desk.take();
    desk.wait(MINUTE).send(complete(lease, { pages: 2, costMicros: 9 }));
    const job = desk.job(lease);
    expect(historyOf(job, null)).toEqual(job.ended);
    expect(job.ended).toEqual([
      { ...held, ...blank, outcome: "completed", pages: 2, costMicros: 9, currency: "USD" },
    ]);
  });

  it("before histories were kept is told as far as the job knows it", () => {
    const desk = released({ retryCount: 0 });
    const lease = desk.take();
    expect(historyOf(desk.job(lease), null)).toEqual([]);
    desk.wait(MINUTE).send(fail(lease));
    const failed = { ...desk.job(lease), errorCode: null };
    const told = { ...held, ...blank, error: "unreadable", errorCode: "unspecified" };
    expect(historyOf(failed, null)).toEqual([{ ...told, outcome: "failed" }]);
    const voided = { ...failed, leaseOutcome: "voided" } as const;
    expect(historyOf(voided, null)).toEqual([{ ...told, outcome: "timed_out" }]);
    expect(historyOf({ ...failed, status: "cancelled" }, null)).toEqual([]);
  });
});
