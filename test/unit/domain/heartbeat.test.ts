import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lease } from "../../../src/domain/replies.ts";
import { leaseEnd } from "../../../src/domain/lease.ts";
import { Desk } from "./desk.ts";
import { complete, fail, MINUTE, release } from "./helpers.ts";

const SECOND = 1_000;

function released(settings = {}): Desk {
  const desk = new Desk(settings);
  desk.add(3);
  desk.send({ kind: "open" });
  return desk;
}

function take(desk: Desk, heartbeatSeconds?: number): Lease {
  const beating = heartbeatSeconds === undefined ? {} : { heartbeatSeconds };
  const [lease] = desk.send({ ...desk.claiming(), ...beating }).leases;
  if (lease === undefined) throw new Error("there was nothing to claim");
  return lease;
}

const beat = (desk: Desk, ...leases: Pick<Lease, "jobId" | "leaseId">[]) =>
  desk.send({ kind: "beat", leases: leases.map(({ jobId, leaseId }) => ({ jobId, leaseId })) })
    .leaseEnds;

describe("a lease with heartbeats", () => {
  it("ends when its processor has been silent, to the millisecond, and the job may be claimed at once", () => {
    const desk = released();
    const lease = take(desk, 60);
    expect(lease).toMatchObject({ leaseExpiresAt: desk.now + 60 * SECOND, leaseSeconds: 60 });
    desk.wait(60 * SECOND - 1).send({ kind: "expire" });
    expect(desk.job(lease).status).toBe("processing");
    expect(desk.wait(1).refusal(complete(lease))).toBe("LEASE_LOST");
    expect(desk.job(lease)).toMatchObject({
      status: "queued",
      attempts: 1,
      leaseOutcome: "voided",
      error: "The attempt timed out: no heartbeat for 60 seconds.",
      availableAt: desk.now,
    });
    expect(desk.take()).toMatchObject({ jobId: lease.jobId, attempt: 2 });
  });

  it("ends so long after its last beat", () => {
    const desk = released();
    const lease = take(desk, 60);
    for (let minutes = 0; minutes < 20; minutes++) {
      const [end] = beat(desk.wait(59 * SECOND), lease);
      expect(end).toBe(desk.now + 60 * SECOND);
    }
    expect(desk.wait(60 * SECOND).refusal(release(lease))).toBe("LEASE_LOST");
  });

  it("ends with its attempt, whatever beats", () => {
    const desk = released({ timeoutMinutes: 5 });
    const lease = take(desk, 600);
    const end = desk.now + 5 * MINUTE;
    expect(lease.leaseExpiresAt).toBe(end);
    expect(beat(desk.wait(MINUTE), lease)).toEqual([end]);
    expect(beat(desk.wait(4 * MINUTE - 1), lease)).toEqual([end]);
    expect(beat(desk.wait(1), lease)).toEqual([null]);
    expect(desk.job(lease).error).toBe("The attempt timed out after 5 minutes.");
    expect(desk.job(lease).availableAt).toBe(end + 5_000);
  });

  it("keeps the end of its attempt when the group's timeoutMinutes is changed", () => {
    const desk = released({ timeoutMinutes: 5 });
    const lease = take(desk, 600);
    const end = desk.now + 5 * MINUTE;
    desk.update({ timeoutMinutes: 120 });
    expect(beat(desk.wait(MINUTE), lease)).toEqual([end]);
  });

  it("is not revived by a beat that comes too late, nor by one after its report", () => {
    const desk = released();
    const [late, done] = [take(desk, 15), take(desk, 600)];
    desk.send(complete(done));
    expect(beat(desk.wait(15 * SECOND), late, done)).toEqual([null, null]);
    expect(desk.job(late).status).toBe("queued");
    const next = take(desk, 15);
    expect(next.jobId).toBe(late.jobId);
    expect(beat(desk.wait(SECOND), late)).toEqual([null]);
    expect(leaseEnd(desk.state.beats, desk.job(next))).toBe(next.leaseExpiresAt);
  });

  it("is moved by its own beats alone", () => {
    const desk = released();
    const [one, other] = [take(desk, 60), take(desk, 60)];
    desk.wait(30 * SECOND);
    expect(beat(desk, { ...one, leaseId: other.leaseId })).toEqual([null]);
    expect(beat(desk, one)).toEqual([desk.now + 60 * SECOND]);
    expect(leaseEnd(desk.state.beats, desk.job(other))).toBe(other.leaseExpiresAt);
  });

  it("keeps its end when the clock goes back", () => {
    const desk = released();
    const lease = take(desk, 60);
    const [end] = beat(desk.wait(30 * SECOND), lease);
    expect(beat(desk.wait(-20 * SECOND), lease)).toEqual([end]);
  });

  it("is followed by a lease with the same heartbeatSeconds, when a report claims the next job", () => {
    const desk = released();
    const { next } = desk.send(complete(take(desk, 60), { nextLeaseId: "next" }));
    expect(next?.leases).toMatchObject([
      { heartbeatSeconds: 60, leaseExpiresAt: desk.now + 60 * SECOND },
    ]);
  });
});

it("a beat of a lease without heartbeats is answered with its end and changes nothing", () => {
  const desk = released();
  const lease = take(desk);
  const before = desk.state;
  expect(beat(desk.wait(MINUTE), lease)).toEqual([lease.leaseExpiresAt]);
  expect(desk.state.beats).toBe(before.beats);
  expect(desk.group).toBe(before.group);
});

it("a beat changes nothing of the group and of its jobs", () => {
  const desk = released();
  const lease = take(desk, 60);
  const { group, jobs } = desk.state;
  beat(desk.wait(SECOND), lease);
  expect(desk.state.group).toBe(group);
  expect(desk.state.jobs).toBe(jobs);
});

it("a group at its parallelJobs tells when the first lease ends, its beats counted", () => {
  const desk = released({ parallelJobs: 2 });
  const [one, other] = [take(desk, 60), take(desk, 120)];
  beat(desk.wait(30 * SECOND), one);
  expect(desk.send(desk.claiming()).retryAt).toBe(desk.now + 60 * SECOND);
  beat(desk.wait(50 * SECOND), one);
  expect(desk.send(desk.claiming()).retryAt).toBe(other.leaseExpiresAt);
});

it.each(["complete", "fail", "release", "cancel", "time-out"])(
  "no beat is kept of a lease that has ended by %s",
  (how) => {
    const desk = released();
    const lease = take(desk, 60);
    beat(desk.wait(SECOND), lease);
    expect(desk.state.beats.size).toBe(1);
    if (how === "complete") desk.send(complete(lease));
    else if (how === "fail") desk.send(fail(lease));
    else if (how === "release") desk.send(release(lease));
    else if (how === "cancel") desk.send({ kind: "cancel" });
    else desk.wait(MINUTE).send({ kind: "expire" });
    expect(desk.state.beats.size).toBe(0);
  },
);

it("in every history of beats the end moves neither back nor past the attempt, and late is lost for good", () => {
  const waits = fc.array(fc.integer({ min: -20_000, max: 40_000 }), { minLength: 1 });
  fc.assert(
    fc.property(fc.integer({ min: 15, max: 600 }), waits, (heartbeatSeconds, all) => {
      const desk = released({ timeoutMinutes: 5 });
      const lease = take(desk, heartbeatSeconds);
      const attemptEndsAt = desk.now + 5 * MINUTE;
      let end: number | null = lease.leaseExpiresAt;
      for (const ms of all) {
        const [next = null] = beat(desk.wait(ms), lease);
        const isLate = end === null || desk.now >= end;
        expect(next === null).toBe(isLate);
        expect(next ?? attemptEndsAt).toBeGreaterThanOrEqual(end ?? 0);
        expect(next ?? 0).toBeLessThanOrEqual(attemptEndsAt);
        end = next;
      }
    }),
  );
});
