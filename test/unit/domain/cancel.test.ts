import { describe, expect, it } from "vitest";
import { decide } from "../../../src/domain/decide.ts";
import { FIRST_STEP, SWEPT_AT_ONCE } from "../../../src/domain/sweep.ts";
import { Desk } from "./desk.ts";
import { complete, fail, MINUTE } from "./helpers.ts";

/** A group of so many jobs, with their ids. */
function group(jobs: number, { released = true, ...settings } = {}) {
  const desk = new Desk({ parallelJobs: 10, retryCount: 1, ...settings });
  const ids = desk.add(jobs).jobs.map(({ jobId }) => jobId);
  if (released) desk.send({ kind: "open" });
  const cancel = (...places: number[]) =>
    desk.ask({ kind: "cancel", jobIds: places.map((place) => ids[place] ?? "none") });
  return { desk, ids, cancel };
}

describe("a cancel of chosen jobs", () => {
  it("leaves the other jobs of the group to be claimed, in their order", () => {
    const { desk, ids, cancel } = group(6);
    cancel(0, 2, 3);
    expect(desk.group).toMatchObject({ pendingJobs: 3, cancelledJobs: 3, status: "queued" });
    expect(desk.claim(10).map(({ jobId }) => jobId)).toEqual([ids[1], ids[4], ids[5]]);
    expect(desk.group).toMatchObject({ firstUnclaimed: 6, cancelledUnclaimed: 0 });
    expect(desk.send(desk.claiming()).reason).toBe("nothing_queued");
    const [added] = desk.add(1).jobs;
    expect(desk.take().jobId).toBe(added?.jobId);
  });

  it("ends the group when no other job is pending, as its jobs have ended", () => {
    const { desk, cancel } = group(3);
    desk.send(complete(desk.take()));
    desk.take();
    cancel(1, 2);
    expect(desk.group).toMatchObject({ status: "completed", leasedJobs: [], claimableAt: null });
    expect(desk.state.notices.map(({ event }) => event)).toEqual([
      "job.completed",
      "job_group.completed",
    ]);
  });

  it.each([true, false])(
    "of all jobs cancels the group, also before its release: %s",
    (released) => {
      const { desk, cancel } = group(2, { released });
      cancel(1);
      expect(desk.group.status).toBe(released ? "queued" : "created");
      cancel(0);
      expect(desk.group).toMatchObject({ status: "cancelled", completedAt: desk.now });
      expect(desk.state.notices.map(({ event }) => event)).toEqual(["job_group.cancelled"]);
      expect(desk.refusal(desk.adding([null]))).toBe("GROUP_CANCELLED");
    },
  );

  it("lets the next job be claimed when its own time comes", () => {
    const { desk, cancel } = group(2);
    desk.send(fail(desk.take()));
    desk.send({ ...fail(desk.take()), retryAfterSeconds: 60 });
    cancel(0);
    expect(desk.group.claimableAt).toBe(desk.now + MINUTE);
  });

  it("changes nothing when they are cancelled already, and is refused when none of them can be", () => {
    const { desk, cancel } = group(3);
    desk.send(complete(desk.take()));
    cancel(1);
    const before = desk.state.group;
    expect(cancel(0, 1)).toMatchObject({ ok: true });
    expect(desk.state.group).toBe(before);
    const refused = { refusal: { code: "NOTHING_TO_CANCEL" } };
    expect(cancel(0)).toMatchObject(refused);
    expect(cancel(7)).toMatchObject(refused);
  });

  it("of many begins with a count, and its answer is stored also when its last step finds no job", () => {
    const { desk, ids } = group(SWEPT_AT_ONCE.uncounted + 1);
    const before = desk.state.group;
    const first = desk.ask({ kind: "cancel", jobIds: ids });
    expect(first).toMatchObject({ ok: true, rest: { jobIds: ids, step: FIRST_STEP } });
    expect(desk.state.group).toBe(before);
    const none = { kind: "cancel", jobIds: [], step: { after: "", done: 1 } } as const;
    const last = decide(desk.state, "acme", none, desk.now);
    expect(last).toEqual({ ok: true, reply: "group", state: desk.state });
    // The coordinator commits a state that is another one.
    expect(last.ok && last.state !== desk.state).toBe(true);
  });
});
