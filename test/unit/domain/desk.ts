import { attach } from "../../../src/coordinator/decided.ts";
import { expireLeases } from "../../../src/domain/attempts.ts";
import type { Command } from "../../../src/domain/commands.ts";
import type { RefusalCode } from "../../../src/domain/refusals.ts";
import type { AddReply, DecidedReply, Lease, Replies } from "../../../src/domain/replies.ts";
import { decide } from "../../../src/domain/decide.ts";
import type { Group, GroupInput, GroupStatus } from "../../../src/domain/group.ts";
import { type Job, JOB_ID_SUFFIX_LENGTH } from "../../../src/domain/job.ts";
import { type Decision, NO_GROUP, type State } from "../../../src/domain/state.ts";
import { complete, DOCUMENT, fail, GROUP_ID, SETTINGS, START } from "./helpers.ts";

/**
 * One group with all its jobs loaded, and a clock. As in the coordinator, leases that have run out are expired and
 * the waiting jobs are supplied before each command.
 */
export class Desk {
  now = START;
  state: State = NO_GROUP;
  #drawn = 0;

  constructor(settings: Partial<GroupInput> = {}) {
    this.send({ kind: "create", id: GROUP_ID, input: { ...SETTINGS, ...settings } });
  }

  /** Decides a command. The new state is frozen, because rules must not mutate. */
  ask<C extends Command>(command: C): Decision<DecidedReply<C["kind"]>> {
    const waiting = waitingIn(this.state.jobs);
    this.state = freeze(expireLeases({ ...this.state, waiting }, this.now));
    const decision = decide(this.state, "acme", command, this.now);
    if (decision.ok) this.state = freeze(decision.state);
    return decision as Decision<DecidedReply<C["kind"]>>;
  }

  /** The reply, with the group where the coordinator would attach the committed group. */
  send<C extends Command>(command: C): Replies[C["kind"]] {
    const decision = this.ask(command);
    if (!decision.ok) throw new Error(`${command.kind} refused: ${decision.refusal.code}`);
    const { group } = this.state;
    const shown = group && { ...group, revision: "" };
    const reply = decision.reply === "group" ? this.group : attach(decision.reply, shown);
    return reply as Replies[C["kind"]];
  }

  refusal(command: Command): RefusalCode | null {
    const decision = this.ask(command);
    return decision.ok ? null : decision.refusal.code;
  }

  add(jobs: number | readonly (string | null)[]): AddReply {
    return this.send(this.adding(typeof jobs === "number" ? Array(jobs).fill(null) : jobs));
  }

  adding(jobNumbers: readonly (string | null)[]): Extract<Command, { kind: "add" }> {
    const idSuffix = this.random(JOB_ID_SUFFIX_LENGTH);
    return {
      kind: "add",
      jobs: jobNumbers.map((jobNumber) => ({ ...DOCUMENT, jobNumber })),
      idSuffix,
    };
  }

  claim(maxJobs = 1): Lease[] {
    return this.send(this.claiming(maxJobs)).leases;
  }

  /** Claims one job. Throws when there is none to claim. */
  take(): Lease {
    const [lease] = this.claim(1);
    if (lease === undefined) throw new Error("there was nothing to claim");
    return lease;
  }

  claiming(maxJobs = 1): Extract<Command, { kind: "claim" }> {
    const leaseIds = Array.from({ length: maxJobs }, () => this.random(24));
    return { kind: "claim", workerId: "worker", maxJobs, leaseIds };
  }

  update(settings: Partial<GroupInput>): Group {
    return this.send({ kind: "update", input: { ...SETTINGS, ...settings } });
  }

  wait(milliseconds: number): this {
    this.now += milliseconds;
    return this;
  }

  get group(): Group {
    if (this.state.group === null) throw new Error("the group is gone");
    return this.state.group;
  }

  job({ jobId }: { jobId: string }): Job {
    const job = this.state.jobs.get(jobId);
    if (job === undefined) throw new Error(`no job ${jobId}`);
    return job;
  }

  /** Unique hex that ends in zeros, so that the back-off has no jitter. */
  random(length: number): string {
    return (this.#drawn++).toString(16).padStart(length - 4, "0") + "0000";
  }
}

/** A group of one job, or of two when it is `processing`, that has just got the given status. */
export function deskIn(status: GroupStatus): Desk {
  const desk = new Desk();
  desk.add(1);
  if (status !== "created") desk.send({ kind: "open" });
  if (status === "processing") desk.add(1);
  if (status === "processing") desk.take();
  if (status === "completed") desk.send(complete(desk.take()));
  if (status === "failed") desk.send(fail(desk.take(), false));
  if (status === "cancelled") desk.send({ kind: "cancel" });
  return desk;
}

function waitingIn(jobs: State["jobs"]): Map<string, number> {
  const waiting: [string, number][] = [];
  for (const { id, status, availableAt } of jobs.values()) {
    if (status === "queued" && availableAt !== null) waiting.push([id, availableAt]);
  }
  return new Map(waiting.toSorted(([, a], [, b]) => a - b));
}

function freeze(state: State): State {
  Object.freeze(state.group);
  Object.freeze(state.group?.leasedJobs);
  for (const job of state.jobs.values()) Object.freeze(job);
  return Object.freeze(state);
}
