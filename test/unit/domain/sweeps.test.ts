import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { CancelJobs, Command, Retry } from "../../../src/domain/commands.ts";
import { isFinished } from "../../../src/domain/group.ts";
import type { DecidedReply, Lease } from "../../../src/domain/replies.ts";
import { NONE_MATCHED } from "../../../src/domain/matched.ts";
import type { Decision } from "../../../src/domain/state.ts";
import { FIRST_STEP } from "../../../src/domain/sweep.ts";
import { told } from "../../support/told.ts";
import { Desk } from "./desk.ts";
import { countersOf } from "./helpers.ts";
import { commandOf, type Operation, operation } from "./operations.ts";

/** Two groups with the same history. */
function twins(operations: readonly Operation[]): [Desk, Desk] {
  const [one, other, issued] = [new Desk(), new Desk(), [] as Lease[]];
  const opening: Operation[] = [{ do: "add", numbers: Array(6).fill(null) }, { do: "open" }];
  for (const each of [...opening, ...operations]) {
    const command = commandOf(each, one, issued);
    if (command === null) continue;
    other.now = one.now;
    const decision = one.ask(command);
    other.ask(command);
    const reply = decision.ok ? decision.reply : null;
    if (reply instanceof Object && "leases" in reply) issued.push(...reply.leases);
  }
  return [one, other];
}

const counted = ({ state }: Desk) => {
  const statuses = [...state.jobs.values()].map(({ status }) => status);
  const count = (...of: string[]) => statuses.filter((status) => of.includes(status)).length;
  return {
    total: statuses.length,
    pending: count("queued", "processing"),
    processing: count("processing"),
    completed: count("completed"),
    failed: count("failed"),
    cancelled: count("cancelled"),
  };
};

/** Carries a command out in steps that end at any of the jobs, or between them. */
function inSteps(desk: Desk, whole: Retry | CancelJobs, ends: readonly number[]) {
  let command: Command = { ...whole, step: FIRST_STEP };
  for (let nth = 0; ; nth++) {
    const { after } = ("step" in command && command.step) || FIRST_STEP;
    const left = [...desk.state.jobs.keys()].filter((id) => id > after);
    const to = left[ends[nth] ?? left.length] ?? null;
    desk.state = { ...desk.state, matched: { ...NONE_MATCHED, to } };
    const decision: Decision<DecidedReply> = desk.ask(command);
    expect(countersOf(desk)).toEqual(counted(desk));
    if (!decision.ok || decision.rest === undefined) return decision;
    const isTold = desk.state.notices.some(({ event }) => event === "job_group.cancelled");
    expect(isTold && desk.group.pendingJobs > 0).toBe(false);
    command = decision.rest;
  }
}

const TIMES = { updatedAt: 0, estimatedCompletionAt: null };

/** A notice of the last step tells that the steps before it have changed the group. */
const noticesOf = ({ state }: Desk) =>
  state.notices.map(({ group, ...notice }) => ({ ...notice, group: { ...group, ...TIMES } }));

/** A finished group keeps its last estimate, which a step before the last may have made. */
const standing = ({ group }: Desk) =>
  isFinished(group) ? { ...group, estimatedCompletionAt: null } : group;

const sweep = fc.oneof(
  fc.constant<CancelJobs>({ kind: "cancel" }),
  fc.record({
    kind: fc.constant("cancel" as const),
    picks: fc.array(fc.nat(12), { minLength: 1 }),
  }),
  fc.record({
    kind: fc.constant("retry" as const),
    dryRun: fc.boolean(),
    choice: fc.option(
      fc.record({
        statuses: fc.subarray(["completed", "failed"] as const, { minLength: 1 }),
        jobIds: fc.constant(null),
        errorCodes: fc.constantFrom(null, ["scan.blurred"]),
      }),
      { nil: null },
    ),
  }),
);

/** A cancel would end the history before it is swept. */
const earlier = operation.filter((each) => each.do !== "cancel" || each.picks !== null);

it("a sweep in steps leaves the group, its jobs, notices and answer as one at once does", () => {
  fc.assert(
    fc.property(
      fc.array(earlier, { maxLength: 60, size: "max" }),
      sweep,
      fc.array(fc.nat(3), { maxLength: 8 }),
      (history, swept, ends) => {
        const [one, other] = twins(history);
        const ids = [...one.state.jobs.keys()];
        const command: Retry | CancelJobs =
          "picks" in swept
            ? { kind: "cancel", jobIds: swept.picks.map((pick) => ids[pick] ?? "none") }
            : swept;
        const ended = one.group.status === "cancelled";
        fc.pre(!ended);
        const [atOnce, last] = [one.ask(command), inSteps(other, command, ends)];
        expect(told(last)).toEqual(told(atOnce));
        expect(standing(other)).toEqual(standing(one));
        expect([...other.state.jobs]).toEqual([...one.state.jobs]);
        expect(noticesOf(other)).toEqual(noticesOf(one));
        expect(other.state.beats).toEqual(one.state.beats);
      },
    ),
    { numRuns: 200 },
  );
});
