import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../src/domain/commands.ts";
import type { DecidedReply, Lease, ReportReply } from "../../../src/domain/replies.ts";
import { decide } from "../../../src/domain/decide.ts";
import type { Notice } from "../../../src/domain/notice.ts";
import type { Decision, State } from "../../../src/domain/state.ts";
import { Desk } from "./desk.ts";
import { complete, countersOf, fail, release, SETTINGS } from "./helpers.ts";
import { Model } from "../../support/model.ts";
import { type Told, told } from "../../support/told.ts";
import { commandOf, type Operation, operation } from "./operations.ts";

interface Step {
  readonly command: Command;
  readonly decision: Decision<DecidedReply>;
  readonly answer: Told;
  readonly expected: Told;
  readonly before: State;
  readonly desk: Desk;
  readonly model: Model;
  /** Every lease ever given, the latest last. */
  readonly issued: readonly Lease[];
}

/** Plays random histories on the rules and on the model side by side. Calls `look` after every step. */
function afterEveryStep(look: (step: Step) => void): void {
  const history = fc.array(operation, { minLength: 10, maxLength: 120, size: "max" });
  fc.assert(
    fc.property(history, (operations) => play(operations, look)),
    { numRuns: 100 },
  );
}

function play(operations: readonly Operation[], look: (step: Step) => void): void {
  const [desk, model, issued] = [new Desk(), new Model(SETTINGS), [] as Lease[]];
  const opening: Operation[] = [{ do: "add", numbers: [null] }, { do: "open" }];
  for (const operation of [...opening, ...operations]) {
    const command = commandOf(operation, desk, issued);
    if (command === null) continue;
    const before = desk.state;
    const decision = desk.ask(command);
    const expected = model.apply(command, desk.now);
    if (decision.ok && decision.reply !== null && decision.reply !== "group") {
      const { reply } = decision;
      if ("leases" in reply) issued.push(...reply.leases);
      if ("outcome" in reply) issued.push(...(reply.next?.leases ?? []));
    }
    const answer = told(decision);
    look({ command, decision, answer, expected, before, desk, model, issued });
  }
}

const gaveJobs = (decision: Step["decision"]): boolean => {
  const reply = decision.ok ? decision.reply : null;
  if (reply === null || reply === "group") return false;
  return "leases" in reply ? reply.leases.length > 0 : "added" in reply;
};
const isReport = (command: Command) => ["complete", "fail", "release"].includes(command.kind);

describe("in every history of commands", { timeout: 30_000 }, () => {
  it("answers every command as the contract's model does", () =>
    afterEveryStep(({ answer, expected }) => expect(answer).toEqual(expected)));

  it("keeps each counter equal to the number of jobs in that status", () =>
    afterEveryStep(({ desk }) => {
      const counters = countersOf(desk);
      const statuses = [...desk.state.jobs.values()].map(({ status }) => status);
      const counted = (...of: string[]) => statuses.filter((status) => of.includes(status)).length;
      expect(counters).toEqual({
        total: statuses.length,
        pending: counted("queued", "processing"),
        processing: counted("processing"),
        completed: counted("completed"),
        failed: counted("failed"),
        cancelled: counted("cancelled"),
      });
      const { pending, processing, completed, failed, cancelled } = counters;
      expect(counters.total).toBe(pending + completed + failed + cancelled);
      expect(0 <= processing && processing <= pending).toBe(true);
    }));

  it("keeps the group and every job as the contract's model does", () =>
    afterEveryStep(({ desk: { group, state }, model }) => {
      expect(group).toMatchObject(model.group());
      expect([...state.jobs.values()]).toMatchObject(model.jobs);
      expect(new Map(state.beats)).toEqual(model.beats);
    }));

  it("lets only a claim add to the jobs in processing, and never past parallelJobs", () =>
    afterEveryStep(({ command, before, desk: { group } }) => {
      const most = command.kind === "claim" ? group.parallelJobs : 0;
      const earlier = before.group?.processingJobs ?? 0;
      expect(group.processingJobs).toBeLessThanOrEqual(Math.max(most, earlier));
    }));

  it("lets a job leave a finished status only by a retry of that status or a deletion", () =>
    afterEveryStep(({ command, before, desk }) => {
      const retries = command.kind === "retry" && !command.dryRun;
      const may = retries ? (command.choice?.statuses ?? ["failed"]) : [];
      const moved = [...before.jobs.values()].filter(({ id, status }) => {
        if (status === "queued" || status === "processing") return false;
        const now = desk.state.jobs.get(id)?.status;
        if (command.kind === "erase" && command.jobId === id) return now !== undefined;
        return now !== status && !(now === "queued" && may.some((of) => of === status));
      });
      expect(moved).toEqual([]);
    }));

  it("answers a repeated report as a duplicate that moves nothing, with the same next lease", () =>
    afterEveryStep(({ command, decision, desk }) => {
      // A lease that nobody has seen has no holder who could repeat its release.
      if (!isReport(command) || !decision.ok || "unseen" in command) return;
      const again = decide(desk.state, "acme", command, desk.now);
      const { next } = decision.reply as ReportReply;
      const granted = next?.leases.length === 1 ? { next } : {};
      const { outcome, ...rest } = again.ok ? (again.reply as ReportReply) : { outcome: null };
      expect({ outcome, next: "next" in rest ? rest.next : undefined }).toEqual({
        outcome: "duplicate",
        ...granted,
      });
      expect(again.ok && again.state).toEqual(desk.state);
    }));

  it("answers an add or a claim that is decided twice as at first, and moves nothing", () =>
    afterEveryStep(({ command, decision, answer, desk }) => {
      if ((command.kind !== "add" && command.kind !== "claim") || !gaveJobs(decision)) return;
      const again = decide(desk.state, "acme", command, desk.now);
      expect(told(again)).toEqual(answer);
      expect(again.ok && again.state).toEqual(desk.state);
    }));

  it("refuses reports under a lease that is voided, or that is not the job's last", () =>
    afterEveryStep(({ desk, model, issued }) => {
      const jobs = new Map(model.jobs.map((job) => [job.id, job]));
      const stale = issued.filter(({ jobId, leaseId }) => {
        const job = jobs.get(jobId);
        return job?.leaseId !== leaseId || job.leaseOutcome === "voided";
      });
      const reports = stale.flatMap((lease) => [complete(lease), fail(lease), release(lease)]);
      const answers = reports.map((report) => decide(desk.state, "acme", report, desk.now));
      const expected = reports.map(({ jobId }) =>
        jobs.has(jobId) ? { refused: "LEASE_LOST" } : { refused: "JOB_NOT_FOUND" },
      );
      expect(answers.map(told)).toEqual(expected);
    }));

  it("counts cost, pages and time once for each completed job", () =>
    afterEveryStep(({ desk: { group, state }, model }) => {
      const { totalPages, totalCostMicros, totalProcessingMs, currency } = model.group();
      expect(group).toMatchObject({ totalPages, totalCostMicros, totalProcessingMs, currency });
      const costs = [...state.jobs.values()].map(({ costMicros }) => costMicros ?? 0);
      expect(group.totalCostMicros).toBe(costs.reduce((sum, cost) => sum + cost, 0));
    }));

  it("keeps the time of the next claimable job, the leased jobs and the first job never claimed", () =>
    afterEveryStep(({ desk: { group, state }, model }) => {
      const leased = [...state.jobs.values()].filter(({ status }) => status === "processing");
      expect(group.claimableAt).toBe(model.claimableAt);
      expect(group.leasedJobs.toSorted()).toEqual(leased.map(({ id }) => id));
      expect(group.firstUnclaimed).toBe(model.firstUnclaimed);
      expect(group.cancelledUnclaimed).toBe(model.cancelledUnclaimed);
    }));

  it("keeps the jobs that wait for a further attempt: none of them is finished or leased", () =>
    afterEveryStep(({ command, desk: { state }, model }) => {
      const again = model.in("queued").filter(({ leaseId }) => leaseId !== null);
      const waiting = new Map(again.map(({ id, availableAt }) => [id, availableAt]));
      const available = [...state.jobs.values()].flatMap(({ id, availableAt }) =>
        availableAt === null ? [] : [[id, availableAt] as const],
      );
      expect(new Map(available)).toEqual(waiting);
      // A sweep changes jobs that are not loaded, so the waiting jobs are read again after it.
      const isCancel = command.kind === "cancel" && command.jobIds === undefined;
      const swept = isCancel || command.kind === "retry";
      expect(swept ? waiting : state.waiting).toEqual(waiting);
    }));

  it("announces every failure for good and every end of the group once, when it happens", () =>
    afterEveryStep(({ desk: { state }, model }) => {
      const announced = state.notices.map(({ event, job }) => (job ? `${event} ${job.id}` : event));
      // Leases that run out together have no order.
      expect(announced.toSorted()).toEqual(model.announced.toSorted());
    }));

  it("sends e-mail for the first failure of a run, its end and its own pauses, and for nothing else", () =>
    afterEveryStep(({ desk: { state } }) => {
      const first = new Map(
        state.notices.toReversed().map((notice) => [`${notice.group.run} ${notice.event}`, notice]),
      );
      const seldom = new Set<string>(["job.completed", "job_group.cancelled", "job_group.paused"]);
      const due = [...first.values()].filter(({ event }) => !seldom.has(event));
      const isPause = ({ event }: Notice) => event === "job_group.paused";
      due.push(...state.notices.filter((n) => isPause(n) && n.group.pauseReason !== null));
      const mailed = state.notices.filter(({ recipients }) => recipients.length > 0);
      expect(new Set(mailed)).toEqual(new Set(due));
    }));

  it("gives the group the status, the times and the estimate of the contract", () =>
    afterEveryStep(({ desk: { group }, model }) => {
      const ended = ["completed", "failed", "cancelled"].includes(model.status);
      expect(group.status).toBe(model.status);
      expect(group.startedAt).toBe(model.startedAt);
      expect(group.completedAt !== null).toBe(ended);
      const idle = ["created", "queued", "cancelled"].includes(group.status);
      expect(idle && group.estimatedCompletionAt !== null).toBe(false);
      expect(Object.entries(group).filter(([, value]) => Number.isNaN(value))).toEqual([]);
    }));
});
