import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, BASE } from "../support/client.ts";
import type { World } from "./clients.ts";
import { insist } from "./insist.ts";
import type { Grant } from "./ledger.ts";

const LONGEST_RUN_MS = 2_000;
const LONGEST_PAUSE_MS = 1_500;

/** Pauses a group, runs some of its jobs again and cancels others, now and then. */
export async function operator(world: World, groupId: string, random: () => number): Promise<void> {
  const desk = new Desk(world, groupId, random);
  while (!world.closing) {
    await sleep(random() * LONGEST_RUN_MS);
    const lot = random();
    if (lot < 0.4) await desk.pause();
    else if (lot < 0.55) await desk.retry();
    else if (lot < 0.8) await desk.runAgain();
    else await desk.cancel();
  }
}

/** The refusals that are no fault: the group has ended, or has nothing for the operator to do. */
const IDLE = new Set([
  "GROUP_FINISHED",
  "GROUP_CANCELLED",
  "NOTHING_TO_RETRY",
  "NOTHING_TO_CANCEL",
]);

class Desk {
  readonly #world: World;
  readonly #groupId: string;
  readonly #random: () => number;

  constructor(world: World, groupId: string, random: () => number) {
    this.#world = world;
    this.#groupId = groupId;
    this.#random = random;
  }

  /** Repeats under one key until it is answered. */
  async #send(method: string, action: string, body?: object): Promise<Answer> {
    const { ledger, copies } = this.#world;
    const copy = copies[Math.floor(this.#random() * copies.length)] ?? copies[0];
    const headers = method === "POST" ? { "idempotency-key": randomUUID() } : {};
    const sent = { headers, ...(body && { body }) };
    const path = `${BASE}/${this.#groupId}${action}`;
    const answer = await insist(() => copy.call(method, path, sent), ledger.repeats);
    ledger.counts.answered++;
    if (answer.status !== 200 && !IDLE.has(answer.body?.code)) {
      ledger.violate("unexpected answers", answer.body);
    }
    return answer;
  }

  /** Looks whether the group stays paused, and resumes it. */
  async pause(): Promise<void> {
    const { ledger, pausedAt } = this.#world;
    const pause = { groupId: this.#groupId, from: performance.now(), to: Infinity };
    ledger.pauses.push(pause);
    if ((await this.#send("POST", "/pause")).status !== 200) {
      pause.to = pause.from;
      return;
    }
    ledger.counts.pauses++;
    pausedAt.set(this.#groupId, performance.now());
    await sleep(this.#random() * LONGEST_PAUSE_MS);
    const { data } = (await this.#send("GET", "")).body;
    const hasEnded = ["completed", "failed"].includes(data.status);
    if (data.pausedAt === undefined && !hasEnded) ledger.violate("paused groups resumed", data);
    pausedAt.delete(this.#groupId);
    await this.#send("POST", "/resume");
    pause.to = performance.now();
  }

  /** Runs all jobs again that have failed as `unreadable`. */
  async retry(): Promise<void> {
    this.#world.ledger.retried.add(this.#groupId);
    await this.#retry({ errorCodes: ["unreadable"] });
  }

  /** Runs some finished jobs again, failed or completed. */
  async runAgain(): Promise<void> {
    const { finished, runAgain } = this.#world.ledger;
    const ids = [...finished].flatMap(([jobId, { lease }]) =>
      lease.groupId === this.#groupId ? [jobId] : [],
    );
    const jobIds = this.#some(ids);
    for (const id of jobIds) runAgain.add(id);
    if (jobIds.length > 0) await this.#retry({ jobIds, status: ["completed", "failed"] });
  }

  async #retry(choice: object): Promise<void> {
    const { status, body } = await this.#send("POST", "/retry", choice);
    if (status === 200) this.#world.ledger.counts.jobsRunAgain += body.matched;
  }

  /** Cancels some jobs that wait, and some that are being worked on. */
  async cancel(): Promise<void> {
    const { ledger } = this.#world;
    const offset = Math.floor(this.#random() * 40);
    const queued = (await this.#send("GET", `/jobs?status=queued&limit=20&offset=${offset}`)).body;
    const held = [...ledger.grants.values()].flatMap(({ lease, report }) =>
      lease.groupId === this.#groupId && report === null ? [lease.jobId] : [],
    );
    const waiting = queued.data.map(({ jobId }: { jobId: string }) => jobId);
    const jobIds = [...this.#some(waiting), ...this.#some(held)];
    if (jobIds.length === 0) return;
    for (const id of jobIds) ledger.cancelled.set(id, this.#groupId);
    if ((await this.#send("POST", "/cancel", { jobIds })).status === 200) ledger.counts.cancels++;
  }

  /** At most three of them. */
  #some(ids: readonly string[]): string[] {
    const count = Math.min(ids.length, 1 + Math.floor(this.#random() * 3));
    return Array.from(
      { length: count },
      () => ids[Math.floor(this.#random() * ids.length)] as string,
    );
  }
}

/** Notes leases that a claim got although it was sent after a pause of their group. */
export function lookForPaused(
  { ledger, pausedAt }: World,
  grants: readonly Grant[],
  sentAt: number,
) {
  for (const { lease } of grants) {
    if ((pausedAt.get(lease.groupId) ?? Infinity) < sentAt) {
      ledger.violate("jobs of paused groups leased", lease);
    }
  }
}
