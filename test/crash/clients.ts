import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Client, BASE, type Json } from "../support/client.ts";
import { holdClaim } from "../support/held-claim.ts";
import { insist } from "./insist.ts";
import type { Fate, Grant, Ledger, Report } from "./ledger.ts";
import { lookForPaused } from "./operator.ts";
import { beat, die, doomedOf, HEARTBEAT_SECONDS } from "./mortal.ts";

const MOST_WORK_MS = 40;
const LONGEST_PAUSE_MS = 200;
const LONGEST_PATIENCE_MS = 1_500;
const DRAIN_LIMIT_MS = 120_000;

export interface World {
  readonly ledger: Ledger;
  /** Any of these may be asked at any time: copies of one service. */
  readonly copies: readonly [Client, ...Client[]];
  /** The time from which a group is known to be paused, until its resume is sent. */
  readonly pausedAt: Map<string, number>;
  /** Operators stop. */
  closing: boolean;
  /** No more jobs come: processors stop when their group has ended. */
  draining: boolean;
}

/** A world in which nobody has done anything. */
export const worldOf = (
  ledger: Ledger,
  copies: World["copies"],
  { closing = false, draining = false }: Partial<Pick<World, "closing" | "draining">> = {},
): World => ({ ledger, copies, pausedAt: new Map(), closing, draining });

type Random = () => number;

const pick = <T>(values: readonly T[], random: Random): T =>
  values[Math.floor(random() * values.length)] as T;

/**
 * Claims and reports until the group has ended; without a group, claims of any. One that beats dies now and then in
 * the middle of its work, and goes on as the processor that takes its place.
 */
export async function processor(
  world: World,
  groupId: string | null,
  random: Random,
  beats = false,
) {
  const { ledger, copies } = world;
  const path = groupId === null ? `${BASE}/jobs/claim` : `${BASE}/${groupId}/jobs/claim`;
  for (;;) {
    // A claim whose answer is lost is repeated under its key: no lease is left unheard of.
    const key = { "idempotency-key": randomUUID() };
    const heartbeat = beats ? { heartbeatSeconds: HEARTBEAT_SECONDS } : {};
    const waitSeconds = random() < 0.5 ? 0 : 1 + Math.floor(random() * 3);
    const maxJobs = 1 + Math.floor(random() * 10);
    const workerId = key["idempotency-key"];
    const claim = { workerId, maxJobs, waitSeconds, ...heartbeat };
    const silentAt = beats ? performance.now() + HEARTBEAT_SECONDS * 1_000 : Infinity;
    const sentAt = performance.now();
    const send = () => {
      const copy = pick(copies, random);
      if (waitSeconds > 0 && random() < 0.3)
        return breakOff(world, copy, groupId, claim, key, random);
      return copy.call("POST", path, { body: claim, headers: key });
    };
    const { url, status, headers, body } = await insist(send, ledger.repeats);
    ledger.counts.answered++;
    if (status !== 200) {
      ledger.violate("unexpected answers", status, body);
      return;
    }
    if (headers.get("idempotent-replayed") === "true") ledger.counts.replayedClaims++;
    const grants = body.data.map((lease: Json) =>
      ledger.grant(lease, workerId, silentAt),
    ) as Grant[];
    lookForPaused(world, grants, sentAt);
    if (grants.length > 0) ledger.committed(url);
    const doomed = beats ? doomedOf(grants, world, random) : [];
    const worked = grants.filter((grant) => !doomed.includes(grant));
    if (beats && worked.length > 0) await beat(world, worked, random);
    await Promise.all(worked.map((grant) => work(world, grant, random)));
    if (doomed.length > 0) await die(world, doomed, random);
    if (grants.length > 0) continue;
    if (world.draining && (groupId === null || body.reason === "finished")) return;
    await sleep(20 + random() * (LONGEST_PAUSE_MS - 20));
  }
}

/** Claims and hangs up after a while, unless it is answered before. It repeats the claim under its key. */
async function breakOff(
  { ledger }: World,
  copy: Client,
  groupId: string | null,
  claim: object,
  key: Record<string, string>,
  random: Random,
): Promise<Answer> {
  const held = holdClaim(copy.url, groupId, claim, key);
  const answer = await Promise.race([held.answer, sleep(random() * LONGEST_PATIENCE_MS)]);
  if (answer !== undefined) return answer;
  held.hangUp(random() < 0.5 ? "reset" : "close");
  ledger.counts.hangUps++;
  throw new Error("hung up");
}

async function work(world: World, grant: Grant, random: Random): Promise<void> {
  const report = decide(random);
  const [sends, again] = [random() < 0.15 ? 2 : 1, random() < 0.05];
  await sleep(random() * MOST_WORK_MS);
  grant.report = report;
  grant.reportedAt = performance.now();
  await Promise.all(Array.from({ length: sends }, () => settle(world, grant, random)));
  if (again && grant.report !== null) await settle(world, grant, random);
}

function decide(random: Random): Report {
  const [lot, retryable, pages, cost] = [random(), random() < 0.5, random(), random()];
  const costMicros = Math.floor(cost * 100_000);
  if (lot < 0.04) return { kind: "fail", retryable, costMicros };
  // Three in four are deferrals for a second.
  if (lot < 0.1) return { kind: "release", retryAfterSeconds: lot < 0.055 ? 0 : 1 };
  return { kind: "complete", pages: Math.floor(pages * 20), costMicros };
}

/** Reports until it is answered; the same lease and outcome every time. */
async function settle(world: World, grant: Grant, random: Random): Promise<void> {
  const { ledger, copies } = world;
  const { report, lease } = grant;
  if (report === null) throw new Error("a report must be decided before it is sent");
  const path = `${BASE}/${lease.groupId}/jobs/${lease.jobId}/${report.kind}`;
  const body = { leaseId: lease.leaseId, ...fieldsOf(report) };
  const send = () => {
    grant.sent++;
    return pick(copies, random).call("POST", path, { body });
  };
  const answer = await insist(send, ledger.repeats);
  const isLost = answer.body?.code === "LEASE_LOST";
  ledger.book(grant, answer, isLost ? await fateOf(world, grant) : null);
}

/** The end of the lease, from the job's history. */
async function fateOf({ ledger, copies }: World, { lease, workerId }: Grant): Promise<Fate> {
  const path = `${BASE}/${lease.groupId}/jobs/${lease.jobId}`;
  const { body } = await insist(() => copies[0].call("GET", path), ledger.repeats);
  const entries: { workerId: string; outcome: Fate }[] = body.data.history ?? [];
  return entries.find((entry) => entry.workerId === workerId)?.outcome ?? null;
}

function fieldsOf(report: Report): object {
  if (report.kind === "release") {
    return { retryAfterSeconds: report.retryAfterSeconds, reason: "busy" };
  }
  const cost = report.costMicros / 1_000_000;
  return report.kind === "complete"
    ? { pages: report.pages, cost }
    : { error: "unreadable", errorCode: "unreadable", retryable: report.retryable, cost };
}

/** Adds numbered jobs; a repeat adds none twice. */
export async function addJobs({ ledger, copies }: World, groupId: string, count: number) {
  const added = ledger.added.get(groupId) ?? new Set<string>();
  ledger.added.set(groupId, added);
  const first = added.size;
  const jobs = Array.from({ length: count }, (_, index) => ({
    documentName: `invoice-${first + index}.pdf`,
    jobNumber: `INV-${first + index}`,
  }));
  const send = () => copies[0].call("POST", `${BASE}/${groupId}/jobs`, { body: { jobs } });
  const { status, body } = await insist(send, ledger.repeats);
  ledger.counts.answered++;
  if (status === 201) for (const { jobNumber } of jobs) added.add(jobNumber);
  else ledger.violate("unexpected answers", status, body);
}

/** A released group with numbered jobs. */
export async function newGroup(world: World, jobs: number, settings: object): Promise<string> {
  const input = { name: "Crash", template: "t", processingSettings: settings };
  const [copy] = world.copies;
  const { _id } = await copy.data("POST", BASE, input);
  await addJobs(world, _id, jobs);
  await copy.data("POST", `${BASE}/${_id}/process`);
  return _id;
}

/** Waits for clients to end; those that cannot show up as groups that have not ended. */
export async function drain(working: Promise<unknown>): Promise<void> {
  const late = sleep(DRAIN_LIMIT_MS, "late", { ref: false });
  if ((await Promise.race([working, late])) === "late") console.error("not drained in time");
}
