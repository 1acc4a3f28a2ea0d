import { describe, expect, it } from "vitest";
import { Desk } from "./desk.ts";
import { complete, countersOf, fail, MINUTE, RETRY, SETTINGS } from "./helpers.ts";

const NONE = { total: 0, pending: 0, processing: 0, completed: 0, failed: 0, cancelled: 0 };

/** A released group of that many jobs, of which up to ten run at once. */
function released(jobs: number, settings = {}): Desk {
  const desk = new Desk({ parallelJobs: 10, ...settings });
  desk.add(jobs);
  desk.send({ kind: "open" });
  return desk;
}

describe("counters do not drift", () => {
  it("when a report is sent twice", () => {
    const desk = released(2);
    const report = complete(desk.take(), { pages: 3, costMicros: 1_000 });
    expect(desk.send(report)).toMatchObject({ outcome: "applied", status: "completed" });
    const once = desk.group;
    const again = desk.wait(MINUTE).send(report);
    expect(again).toMatchObject({ outcome: "duplicate", status: "completed", attempt: 1 });
    expect(again.group).toMatchObject({ completedJobs: 1, pendingJobs: 1 });
    expect(desk.group).toEqual(once);
  });

  it("when a report comes late, after its lease ran out and the job was claimed again", () => {
    const desk = released(1);
    const late = desk.take();
    const second = desk.wait(31 * MINUTE).take();
    expect(second).toMatchObject({ jobId: late.jobId, attempt: 2 });
    expect(desk.refusal(complete(late, { costMicros: 5 }))).toBe("LEASE_LOST");
    expect(desk.refusal(fail(late))).toBe("LEASE_LOST");
    expect(countersOf(desk)).toEqual({ ...NONE, total: 1, pending: 1, processing: 1 });
    desk.send(complete(second, { costMicros: 7 }));
    expect(desk.refusal(complete(late, { costMicros: 5 }))).toBe("LEASE_LOST");
    expect(countersOf(desk)).toEqual({ ...NONE, total: 1, completed: 1 });
    expect(desk.group.totalCostMicros).toBe(7);
  });

  it("when a job fails for good: it is failed and no longer pending", () => {
    const desk = released(2);
    desk.send(fail(desk.take(), false));
    expect(countersOf(desk)).toEqual({ ...NONE, total: 2, pending: 1, failed: 1 });
  });

  it("when an attempt fails and the job may be retried: the job is pending and not failed", () => {
    const desk = released(1);
    const reply = desk.send(fail(desk.take()));
    expect(reply).toMatchObject({ outcome: "applied", status: "queued", attempt: 1 });
    expect(countersOf(desk)).toEqual({ ...NONE, total: 1, pending: 1 });
    expect(desk.group).toMatchObject({
      status: "processing",
      completedAt: null,
      runFinishedJobs: 0,
    });
  });

  it("when failed jobs are retried: they move from failed to pending, with fresh attempts", () => {
    const desk = released(3, { retryCount: 0 });
    for (const lease of desk.claim(2)) desk.send(fail(lease));
    desk.send(complete(desk.take()));
    expect(countersOf(desk)).toEqual({ ...NONE, total: 3, completed: 1, failed: 2 });
    desk.send(RETRY);
    expect(countersOf(desk)).toEqual({ ...NONE, total: 3, pending: 2, completed: 1 });
    expect(desk.claim(10).map(({ attempt }) => attempt)).toEqual([1, 1]);
    expect(desk.refusal(RETRY)).toBe("NOTHING_TO_RETRY");
  });

  it("when the group is cancelled while jobs run: every lease is void", () => {
    const desk = released(4);
    const [done, ...running] = desk.claim(3);
    if (done !== undefined) desk.send(complete(done));
    desk.send({ kind: "cancel" });
    expect(countersOf(desk)).toEqual({ ...NONE, total: 4, completed: 1, cancelled: 3 });
    expect(desk.group).toMatchObject({ status: "cancelled", leasedJobs: [], claimableAt: null });
    const cancelled = desk.group;
    expect(running.map((lease) => desk.refusal(complete(lease)))).toEqual([
      "LEASE_LOST",
      "LEASE_LOST",
    ]);
    expect(running.map((lease) => desk.refusal(fail(lease)))).toEqual(["LEASE_LOST", "LEASE_LOST"]);
    desk.wait(60 * MINUTE).send({ kind: "expire" });
    expect(desk.group).toEqual(cancelled);
  });

  it("when a job is completed on its second attempt: cost, pages and time are counted once", () => {
    const desk = released(1);
    desk.send(fail(desk.take()));
    const lease = desk.wait(MINUTE).take();
    const report = complete(lease, { pages: 2, costMicros: 40, currency: "EUR" });
    desk.wait(9_000).send(report);
    desk.wait(9_000).send(report);
    const totals = {
      totalPages: 2,
      totalCostMicros: 40,
      totalProcessingMs: 9_000,
      currency: "EUR",
    };
    expect(desk.group).toMatchObject(totals);
  });

  it("when the settings are replaced", () => {
    const desk = released(4);
    desk.send(complete(desk.take(), { pages: 1, costMicros: 10 }));
    desk.send(fail(desk.take(), false));
    desk.take();
    const { group } = desk;
    const input = { ...SETTINGS, name: "April", parallelJobs: 1, retryCount: 0 };
    expect(desk.wait(1).send({ kind: "update", input })).toEqual({
      ...group,
      ...input,
      updatedAt: desk.now,
    });
  });

  it("when 1,000 jobs are added at once", () => {
    const desk = new Desk();
    const reply = desk.add(1_000);
    expect(reply).toMatchObject({ added: 1_000, existing: 0 });
    expect(new Set(reply.jobs.map(({ jobId }) => jobId)).size).toBe(1_000);
    expect(reply.jobs.map(({ jobId }) => jobId)).toEqual([...desk.state.jobs.keys()].toSorted());
    expect(countersOf(desk)).toEqual({ ...NONE, total: 1_000, pending: 1_000 });
  });

  it("when a jobNumber is added again: the job is answered as existing, whatever its status", () => {
    const desk = new Desk();
    const [first] = desk.add(["A-1"]).jobs;
    desk.send({ kind: "open" });
    desk.send(complete(desk.take()));
    const reply = desk.add(["A-1"]);
    expect(reply).toMatchObject({ added: 0, existing: 1, jobs: [{ jobId: first?.jobId }] });
    expect(desk.group).toMatchObject({ status: "completed", totalJobs: 1 });
    const [old, fresh] = desk.add(["A-1", "A-2"]).jobs;
    expect([old?.status, fresh?.status]).toEqual(["completed", "queued"]);
    expect(countersOf(desk)).toEqual({ ...NONE, total: 2, pending: 1, completed: 1 });
  });

  it("when a group is full at 100,000 jobs: an add that does not fit is refused as a whole", () => {
    const desk = new Desk();
    // The coordinator loads the counters with the group, but not the jobs.
    const group = { ...desk.group, totalJobs: 99_998, pendingJobs: 99_998, claimableAt: 0 };
    desk.state = { ...desk.state, group };
    desk.add(["last but one"]);
    expect(desk.refusal(desk.adding([null, null]))).toBe("GROUP_FULL");
    expect(countersOf(desk)).toEqual({ ...NONE, total: 99_999, pending: 99_999 });
    expect(desk.add(["last but one", "last"])).toMatchObject({ added: 1, existing: 1 });
    expect(desk.add(["last"])).toMatchObject({ added: 0, existing: 1 });
    expect(desk.refusal(desk.adding([null]))).toBe("GROUP_FULL");
    expect(countersOf(desk)).toEqual({ ...NONE, total: 100_000, pending: 100_000 });
    expect([...desk.state.jobs.keys()]).toEqual([...desk.state.jobs.keys()].toSorted());
  });
});
