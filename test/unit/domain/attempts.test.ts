import { describe, expect, it } from "vitest";
import { backOffMs } from "../../../src/domain/back-off.ts";
import { Desk } from "./desk.ts";
import { complete, fail, MINUTE, release } from "./helpers.ts";

function released(settings = {}): Desk {
  const desk = new Desk(settings);
  desk.add(3);
  desk.send({ kind: "open" });
  return desk;
}

/** Ends every attempt of the first job. Returns the number of attempts until the job failed for good. */
function attemptsUntilFailed(desk: Desk, end: (lease: ReturnType<Desk["take"]>) => void): number {
  for (;;) {
    const lease = desk.take();
    end(lease);
    const job = desk.job(lease);
    if (job.status === "failed") return job.attempts;
    desk.now = job.availableAt ?? desk.now;
  }
}

describe("an attempt", () => {
  it.each([0, 1, 2, 5])(
    "is made 1 + retryCount times at most, with retryCount %i",
    (retryCount) => {
      const desk = released({ retryCount });
      const made = attemptsUntilFailed(desk, (lease) => desk.send(fail(lease)));
      expect(made).toBe(1 + retryCount);
    },
  );

  it.each([0, 2])("that timed out counts like a failed one, with retryCount %i", (retryCount) => {
    const desk = released({ retryCount, timeoutMinutes: 5 });
    const timeOut = () => desk.wait(5 * MINUTE).send({ kind: "expire" });
    expect(attemptsUntilFailed(desk, timeOut)).toBe(1 + retryCount);
    expect(desk.group).toMatchObject({ failedJobs: 1, pendingJobs: 2, processingJobs: 0 });
  });

  it("runs out at timeoutMinutes to the millisecond, and says so", () => {
    const desk = released({ timeoutMinutes: 5 });
    const lease = desk.take();
    expect(lease.leaseExpiresAt).toBe(desk.now + 5 * MINUTE);
    desk.wait(5 * MINUTE - 1).send({ kind: "expire" });
    expect(desk.job(lease).status).toBe("processing");
    expect(desk.wait(1).refusal(complete(lease))).toBe("LEASE_LOST");
    const expired = {
      status: "queued",
      leaseOutcome: "voided",
      error: expect.stringContaining("5 min"),
    };
    expect(desk.job(lease)).toMatchObject(expired);
  });

  it("that is not retryable fails the job at once, although retries are left", () => {
    const desk = released({ retryCount: 5 });
    const lease = desk.take();
    expect(desk.send(fail(lease, false))).toMatchObject({ status: "failed", attempt: 1 });
    expect(desk.job(lease).error).toBe("unreadable");
  });

  it("that was released is not counted, and its job is claimable at once", () => {
    const desk = released({ retryCount: 0 });
    const lease = desk.take();
    const reply = desk.send(release(lease));
    expect(reply).toMatchObject({ outcome: "applied", status: "queued", attempt: 0 });
    expect(desk.send(release(lease)).outcome).toBe("duplicate");
    expect(desk.take()).toMatchObject({ jobId: lease.jobId, attempt: 1 });
    expect(desk.refusal(release(lease))).toBe("LEASE_LOST");
  });

  it("can report one outcome only under its lease", () => {
    const desk = released();
    const [completed, failed, released_] = desk.claim(3);
    if (!completed || !failed || !released_) throw new Error("three leases expected");
    desk.send(complete(completed));
    desk.send(fail(failed));
    desk.send(release(released_));
    expect(desk.refusal(fail(completed))).toBe("OUTCOME_CONFLICT");
    expect(desk.refusal(release(completed))).toBe("OUTCOME_CONFLICT");
    expect(desk.refusal(complete(failed))).toBe("OUTCOME_CONFLICT");
    expect(desk.refusal(complete(released_))).toBe("OUTCOME_CONFLICT");
    expect(desk.group).toMatchObject({ completedJobs: 1, failedJobs: 0, pendingJobs: 2 });
  });

  it("is settled by its own lease only", () => {
    const desk = released();
    const [one, other] = desk.claim(2);
    if (!one || !other) throw new Error("two leases expected");
    expect(desk.refusal(complete({ ...one, leaseId: other.leaseId }))).toBe("LEASE_LOST");
    expect(desk.refusal(complete({ ...one, jobId: "f".repeat(24) }))).toBe("JOB_NOT_FOUND");
  });
});

describe("the currency", () => {
  it("is fixed by the first cost, and a report in another currency is refused", () => {
    const desk = released();
    const [one, two, three] = desk.claim(3);
    if (!one || !two || !three) throw new Error("three leases expected");
    desk.send(complete(one, { currency: "GBP", pages: 1 }));
    expect(desk.group.currency).toBeNull();
    desk.send(complete(two, { costMicros: 5, currency: "EUR" }));
    expect(desk.refusal(complete(three, { costMicros: 5, currency: "USD" }))).toBe(
      "CURRENCY_MISMATCH",
    );
    expect(desk.job(three).status).toBe("processing");
    desk.send(complete(three, { costMicros: 5, currency: "EUR" }));
    expect(desk.group).toMatchObject({ currency: "EUR", totalCostMicros: 10, completedJobs: 3 });
  });

  it("is USD when the first cost names none", () => {
    const desk = released();
    desk.send(complete(desk.take(), { costMicros: 1 }));
    expect(desk.job({ jobId: [...desk.state.jobs.keys()][0] ?? "" }).currency).toBe("USD");
    expect(desk.refusal(complete(desk.take(), { costMicros: 1, currency: "EUR" }))).toBe(
      "CURRENCY_MISMATCH",
    );
  });
});

describe("the back-off", () => {
  const seconds = [5, 10, 20, 40, 80, 160, 300, 300, 300];

  it.each(seconds.map((full, index) => [index + 1, full]))(
    "after attempt %i is %i s, less up to a fifth as jitter",
    (attempt, full) => {
      const waits = Array.from({ length: 257 }, (_, step) =>
        backOffMs(
          attempt,
          "0".repeat(20) +
            Math.min(step * 256, 0xffff)
              .toString(16)
              .padStart(4, "0"),
        ),
      );
      expect(Math.max(...waits)).toBe(full * 1_000);
      expect(Math.min(...waits)).toBeGreaterThanOrEqual(full * 800);
      expect(Math.min(...waits)).toBeLessThan(full * 801);
    },
  );

  it("starts at the expiry of the lease, not at the later command that notices it", () => {
    const desk = released({ timeoutMinutes: 5 });
    const lease = desk.take();
    desk.wait(20 * MINUTE).send({ kind: "expire" });
    expect(desk.job(lease).availableAt).toBe(lease.leaseExpiresAt + 5_000);
  });
});
