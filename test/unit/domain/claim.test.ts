import { describe, expect, it } from "vitest";
import type { ClaimReason } from "../../../src/domain/replies.ts";
import { claimFilter } from "../../../src/domain/claim-filter.ts";
import { Desk, deskIn } from "./desk.ts";
import { complete, fail, MINUTE, release } from "./helpers.ts";

describe("a claim that leases nothing gives the reason", () => {
  const backingOff = deskIn("queued");
  backingOff.send(fail(backingOff.take()));
  const allRunning = deskIn("queued");
  allRunning.take();
  const atItsLimit = deskIn("processing");
  atItsLimit.update({ parallelJobs: 1 });

  const onHold = deskIn("queued");
  onHold.send({ kind: "pause", reason: null });

  it.each<[string, Desk, ClaimReason]>([
    ["queued, paused", onHold, "paused"],
    ["created", deskIn("created"), "not_released"],
    ["completed", deskIn("completed"), "finished"],
    ["failed", deskIn("failed"), "finished"],
    ["cancelled", deskIn("cancelled"), "finished"],
    ["processing, all jobs leased", allRunning, "nothing_queued"],
    ["processing, parallelJobs reached", atItsLimit, "parallel_limit"],
    ["processing, all jobs backing off", backingOff, "backing_off"],
  ])("%s: %s", (_, desk, reason) => {
    const waits: Partial<Record<ClaimReason, number>> = {
      backing_off: 5_000,
      parallel_limit: 30 * MINUTE,
    };
    const wait = waits[reason];
    const retryAt = wait === undefined ? null : desk.now + wait;
    expect(desk.send(desk.claiming(5))).toEqual({ leases: [], reason, retryAt });
  });

  it("and for `backing_off` the time from which a claim succeeds", () => {
    const desk = deskIn("queued");
    desk.send(fail(desk.take()));
    const { retryAt } = desk.send(desk.claiming());
    expect(retryAt).toBe(desk.now + 5_000);
    expect(desk.wait(4_999).claim()).toEqual([]);
    expect(desk.wait(1).claim()).toHaveLength(1);
  });
});

describe("parallelJobs", () => {
  it("lowered below the running jobs lets nothing be claimed until enough of them have ended", () => {
    const desk = new Desk({ parallelJobs: 4 });
    desk.add(6);
    desk.send({ kind: "open" });
    const leases = desk.claim(10);
    expect(leases).toHaveLength(4);
    desk.update({ parallelJobs: 2 });
    expect(desk.group.processingJobs).toBe(4);
    const [one, two, three] = leases;
    if (!one || !two || !three) throw new Error("three leases expected");
    for (const lease of [one, two]) {
      expect(desk.send(desk.claiming(10)).reason).toBe("parallel_limit");
      desk.send(complete(lease));
    }
    expect(desk.send(desk.claiming(10)).reason).toBe("parallel_limit");
    desk.send(release(three));
    expect(desk.claim(10).map(({ jobId }) => jobId)).toEqual([three.jobId]);
  });

  it("is filled with the oldest claimable jobs, retried ones before those never claimed", () => {
    const desk = new Desk({ parallelJobs: 2 });
    const ids = desk.add(4).jobs.map(({ jobId }) => jobId);
    desk.send({ kind: "open" });
    desk.send(fail(desk.take()));
    expect(desk.claim(1).map(({ jobId }) => jobId)).toEqual([ids[1]]);
    expect(
      desk
        .wait(MINUTE)
        .claim(5)
        .map(({ jobId }) => jobId),
    ).toEqual([ids[0]]);
  });
});

describe("a claim with a filter", () => {
  const desk = new Desk({ template: "a", tags: ["x", "y"] });
  desk.add(2);
  desk.send({ kind: "open" });
  const asked = (templates: string[], tags: string[]) =>
    desk.send({ ...desk.claiming(), filter: claimFilter(templates, tags) });

  it.each([
    ["another template", ["b", "c"], []],
    ["another tag", [], ["z"]],
    ["its template and another tag", ["a"], ["z"]],
    ["another template and its tag", ["b"], ["x"]],
  ])("leases nothing of a group that has meanwhile %s", (_, templates, tags) => {
    const nothing = { leases: [], reason: "nothing_queued", retryAt: null };
    expect(asked(templates, tags)).toEqual(nothing);
  });

  it("leases from a group with one of the templates and one of the tags", () => {
    expect(asked(["b", "a"], ["z", "y"]).leases).toHaveLength(1);
    expect(asked(["a"], []).leases).toHaveLength(1);
  });
});
