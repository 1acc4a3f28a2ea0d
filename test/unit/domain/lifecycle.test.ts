import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/domain/commands.ts";
import { decide } from "../../../src/domain/decide.ts";
import { GROUP_STATUSES } from "../../../src/domain/group.ts";
import { Desk, deskIn } from "./desk.ts";
import { complete, fail, GROUP_ID, MINUTE, RETRY, SETTINGS } from "./helpers.ts";

describe("an empty group", () => {
  it("has no NaN among its numbers, and cannot be opened", () => {
    const desk = new Desk();
    expect(desk.refusal({ kind: "open" })).toBe("GROUP_EMPTY");
    expect(desk.refusal(RETRY)).toBe("NOTHING_TO_RETRY");
    expect(desk.send(desk.claiming())).toEqual({
      leases: [],
      reason: "not_released",
      retryAt: null,
    });
    desk.update({ parallelJobs: 1 });
    expect(desk.group).toMatchObject({
      status: "created",
      claimableAt: null,
      estimatedCompletionAt: null,
    });
    desk.send({ kind: "cancel" });
    const numbers = Object.values(desk.group).filter((value) => typeof value === "number");
    expect(numbers.every(Number.isSafeInteger)).toBe(true);
    expect(desk.group.status).toBe("cancelled");
  });
});

describe("open", () => {
  it("moves a created group to `queued`", () => {
    expect(deskIn("created").send({ kind: "open" }).status).toBe("queued");
  });

  it.each(["queued", "processing", "completed", "failed"] as const)(
    "changes nothing on a %s group",
    (status) => {
      const desk = deskIn(status);
      const { group } = desk;
      expect(desk.wait(1).send({ kind: "open" })).toBe(group);
      expect(group.status).toBe(status);
    },
  );

  it("is refused on a cancelled group", () => {
    expect(deskIn("cancelled").refusal({ kind: "open" })).toBe("GROUP_CANCELLED");
  });
});

describe("cancel", () => {
  it.each(["completed", "failed"] as const)("is refused on a %s group", (status) => {
    expect(deskIn(status).refusal({ kind: "cancel" })).toBe("GROUP_FINISHED");
  });

  it.each(["created", "queued", "processing"] as const)("ends a %s group for good", (status) => {
    const desk = deskIn(status);
    expect(desk.send({ kind: "cancel" })).toMatchObject({ status: "cancelled", pendingJobs: 0 });
    const { group } = desk;
    expect(desk.wait(1).send({ kind: "cancel" })).toBe(group);
    expect(desk.refusal(RETRY)).toBe("GROUP_CANCELLED");
    expect(desk.refusal(desk.adding([null]))).toBe("GROUP_CANCELLED");
  });
});

describe("the end of a group", () => {
  it("is `failed` when every job failed, and `completed` when one job succeeded", () => {
    for (const lastSucceeds of [false, true]) {
      const desk = deskIn("processing");
      desk.add(1);
      const leases = desk.claim(2);
      for (const lease of leases) desk.send(lastSucceeds ? complete(lease) : fail(lease, false));
      expect(desk.group).toMatchObject({ status: "processing", completedAt: null });
      const [first] = [...desk.state.jobs.values()];
      if (first?.leaseId == null) throw new Error("a leased job expected");
      desk.wait(1).send(fail({ jobId: first.id, leaseId: first.leaseId }, false));
      const status = lastSucceeds ? "completed" : "failed";
      expect(desk.group).toMatchObject({ status, completedAt: desk.now, claimableAt: null });
    }
  });

  it("comes without a report when the last lease of the last job runs out", () => {
    const desk = new Desk({ retryCount: 0 });
    desk.add(1);
    desk.send({ kind: "open" });
    desk.take();
    desk.wait(30 * MINUTE).send({ kind: "expire" });
    expect(desk.group).toMatchObject({ status: "failed", failedJobs: 1, processingJobs: 0 });
  });
});

describe("a finished group is reopened", () => {
  it.each(["completed", "failed"] as const)("by jobs added to it, when it is %s", (status) => {
    const desk = deskIn(status);
    const { run, startedAt } = desk.group;
    desk.wait(MINUTE).add(1);
    const open = {
      status: "queued",
      completedAt: null,
      estimatedCompletionAt: null,
      run: run + 1,
      startedAt,
    };
    expect(desk.group).toMatchObject({ ...open, totalJobs: 2, pendingJobs: 1 });
    desk.take();
    expect(desk.group).toMatchObject({ status: "processing", startedAt, runStartedAt: desk.now });
  });

  it("by a retry of its failed jobs, and ends again", () => {
    const desk = deskIn("failed");
    const { startedAt } = desk.group;
    const reply = desk.wait(MINUTE).send(RETRY);
    expect(reply.group).toMatchObject({ status: "queued", completedAt: null, startedAt, run: 2 });
    desk.send(complete(desk.take()));
    expect(desk.group).toMatchObject({ status: "completed", completedAt: desk.now, startedAt });
  });
});

describe("a group", () => {
  it.each(GROUP_STATUSES)("takes new settings when it is %s", (status) => {
    const desk = deskIn(status);
    expect(desk.update({ name: "April" })).toMatchObject({ status, name: "April" });
  });

  it("does not exist for another workspace, or once it is deleted", () => {
    const desk = deskIn("processing");
    const foreign = decide(desk.state, "other", { kind: "delete" }, desk.now);
    expect(foreign).toMatchObject({ ok: false, refusal: { code: "GROUP_NOT_FOUND" } });
    desk.send({ kind: "delete" });
    expect(desk.state.jobs.size).toBe(0);
    expect(desk.refusal({ kind: "update", input: SETTINGS })).toBe("GROUP_NOT_FOUND");
    expect(desk.send({ kind: "create", id: GROUP_ID, input: SETTINGS }).totalJobs).toBe(0);
  });
});

describe("a command that changes nothing returns the very state it was given, so nothing is stored", () => {
  const job = (desk: Desk) => {
    const [first] = desk.state.jobs.values();
    return { jobId: first?.id ?? "", leaseId: first?.leaseId ?? "" };
  };
  const numbered = new Desk();
  numbered.add(["A-1"]);
  it.each<[string, Desk, (desk: Desk) => Command]>([
    ["a repeated complete", deskIn("completed"), (desk) => complete(job(desk))],
    ["a repeated fail", deskIn("failed"), (desk) => fail(job(desk), false)],
    ["a claim that leases nothing", deskIn("completed"), (desk) => desk.claiming()],
    ["an add of a jobNumber that the group has", numbered, (desk) => desk.adding(["A-1"])],
    ["a repeated open", deskIn("queued"), () => ({ kind: "open" })],
    ["a repeated cancel", deskIn("cancelled"), () => ({ kind: "cancel" })],
    ["an expiry while no lease has run out", deskIn("processing"), () => ({ kind: "expire" })],
  ])("%s", (_, desk, command) => {
    const decision = decide(desk.state, "acme", command(desk), desk.now);
    expect(decision.ok && decision.state).toBe(desk.state);
  });
});
