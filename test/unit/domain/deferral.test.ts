import { describe, expect, it } from "vitest";
import { Desk } from "./desk.ts";
import { complete, fail, release, RETRY } from "./helpers.ts";

function released(settings = {}): Desk {
  const desk = new Desk(settings);
  desk.add(1);
  desk.send({ kind: "open" });
  return desk;
}

/** Releases the only job so many times, each time under a new lease. Returns the last release. */
function defer(desk: Desk, times: number, seconds = 60) {
  let last = release({ jobId: "", leaseId: "" });
  for (let count = 0; count < times; count++) {
    last = release(desk.take(), seconds, "429");
    desk.send(last);
    desk.wait(Math.max(seconds, 5) * 1_000);
  }
  return last;
}

describe("a deferral", () => {
  it("waits as long as it asks, counts no attempt, and leaves an empty claim backing off", () => {
    const desk = released({ retryCount: 0 });
    const lease = desk.take();
    expect(desk.send(release(lease, 90, "429"))).toMatchObject({ status: "queued", attempt: 0 });
    const deferred = { attempts: 0, deferrals: 1, availableAt: desk.now + 90_000, error: null };
    expect(desk.job(lease)).toMatchObject(deferred);
    const empty = { leases: [], reason: "backing_off", retryAt: desk.now + 90_000 };
    expect(desk.wait(89_999).send(desk.claiming())).toEqual(empty);
    expect(desk.wait(1).take()).toMatchObject({ jobId: lease.jobId, attempt: 1 });
  });

  it("without a wait makes the job claimable at once, and still counts as a deferral", () => {
    const desk = released();
    defer(desk, 1, 0);
    expect(desk.job(desk.take())).toMatchObject({ deferrals: 1, attempts: 1 });
  });

  it("that is the hundredth fails the attempt, which is retried while attempts are left", () => {
    const desk = released({ retryCount: 1 });
    const hundredth = defer(desk, 100);
    const failed = { deferrals: 100, attempts: 1, status: "queued" };
    const why = { error: "429", errorCode: "deferred_too_often" };
    expect(desk.job(hundredth)).toMatchObject({ ...failed, ...why });
    expect(desk.send(hundredth)).toMatchObject({ outcome: "duplicate", status: "queued" });
    expect(desk.refusal(fail(hundredth))).toBe("OUTCOME_CONFLICT");
    defer(desk, 99);
    expect(desk.job(hundredth)).toMatchObject({ deferrals: 199, attempts: 1 });
    const last = defer(desk, 1);
    expect(desk.job(last)).toMatchObject({ status: "failed", deferrals: 200, attempts: 2 });
    expect(desk.group).toMatchObject({ status: "failed", failedJobs: 1, pendingJobs: 0 });
    expect(desk.send(last)).toMatchObject({ outcome: "duplicate", status: "failed" });
  });

  it("that is the hundredth says so when it names no reason, and waits for the back-off", () => {
    const desk = released({ retryCount: 1 });
    defer(desk, 99);
    const lease = desk.take();
    desk.send(release(lease));
    const error = "The job was released 100 times.";
    expect(desk.job(lease)).toMatchObject({ error, availableAt: desk.now + 5_000 });
  });
});

describe("a failure", () => {
  it.each([0, 1, 86_400])("waits the %i s that it asks for instead of the back-off", (seconds) => {
    const desk = released();
    const lease = desk.take();
    desk.send(fail(lease, true, { retryAfterSeconds: seconds }));
    expect(desk.job(lease).availableAt).toBe(desk.now + seconds * 1_000);
  });

  it("for good ends the job, whatever wait it asks for", () => {
    const desk = released();
    const lease = desk.take();
    desk.send(fail(lease, false, { retryAfterSeconds: 60 }));
    expect(desk.job(lease)).toMatchObject({ status: "failed", availableAt: null });
  });

  it("shows its code beside its error until a later attempt succeeds or the job is retried", () => {
    const desk = released();
    const lease = desk.take();
    desk.send(fail(lease, true, { errorCode: "ocr.busy", retryAfterSeconds: 0 }));
    expect(desk.job(lease)).toMatchObject({ error: "unreadable", errorCode: "ocr.busy" });
    desk.send(fail(desk.take(), false));
    expect(desk.job(lease).errorCode).toBe("unspecified");
    desk.send(RETRY);
    expect(desk.job(lease)).toMatchObject({ error: null, errorCode: null });
    desk.send(fail(desk.take(), true, { errorCode: "ocr.busy", retryAfterSeconds: 0 }));
    desk.send(complete(desk.take()));
    expect(desk.job(lease)).toMatchObject({ error: null, errorCode: null, status: "completed" });
  });

  it("of a lease that nobody has seen leaves no trace, and its late holder is told that it is lost", () => {
    const desk = released({ retryCount: 0 });
    const lease = desk.take();
    desk.send({ ...release(lease), unseen: true });
    expect(desk.job(lease)).toMatchObject({ attempts: 0, deferrals: 0, ended: [], error: null });
    expect(desk.refusal(complete(lease))).toBe("LEASE_LOST");
    expect(desk.take()).toMatchObject({ jobId: lease.jobId, attempt: 1 });
  });
});
