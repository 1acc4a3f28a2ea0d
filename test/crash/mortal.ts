import { setTimeout as sleep } from "node:timers/promises";
import { BASE } from "../support/client.ts";
import type { World } from "./clients.ts";
import { insist } from "./insist.ts";
import type { Grant, Ledger } from "./ledger.ts";

export const HEARTBEAT_SECONDS = 15;
const DEATHS = 0.03;
const BEAT_EVERY_MS = 400;
const MOST_BEATS = 5;
/** The jobs of the dead are worked again within this time after the end of the silence. */
const LIMIT_MS = 2_000;

/** A time in which no server ran. */
export interface Outage {
  readonly from: number;
  to: number;
}

/** Picks the leases with which a processor dies now: none in most cases, and none when no more jobs come. */
export function doomedOf(grants: readonly Grant[], world: World, random: () => number): Grant[] {
  const dies = !world.draining && random() < DEATHS;
  return dies ? grants.slice(Math.floor(random() * grants.length)) : [];
}

/** Beats for a while, and then no more: no report ever comes. Another processor takes this one's place. */
export async function die(world: World, doomed: readonly Grant[], random: () => number) {
  for (let left = 1 + Math.floor(random() * MOST_BEATS); left > 0; left--) {
    await beat(world, doomed, random);
    await sleep(random() * BEAT_EVERY_MS);
  }
  for (const grant of doomed) grant.died = true;
}

/** Beats until it is answered. The leases are held for sure until so long after the sending that was answered. */
export async function beat(
  { ledger, copies }: World,
  grants: readonly Grant[],
  random: () => number,
) {
  const leases = grants.map(({ lease: { groupId, jobId, leaseId } }) => ({
    groupId,
    jobId,
    leaseId,
  }));
  let sentAt = 0;
  const send = () => {
    sentAt = performance.now();
    const copy = copies[Math.floor(random() * copies.length)] ?? copies[0];
    return copy.call("POST", `${BASE}/jobs/heartbeat`, { body: { leases } });
  };
  const { status, body } = await insist(send, ledger.repeats);
  ledger.counts.answered++;
  if (status !== 200) return ledger.violate("unexpected answers", status, body);
  for (const [index, grant] of grants.entries()) {
    const isKept = body.data[index].leaseExpiresAt !== undefined;
    // An outage longer than the silence ends leases that nobody is to blame for.
    if (!isKept && sentAt < grant.silentAt) ledger.violate("unexpected answers", body.data[index]);
    if (isKept) grant.silentAt = sentAt + HEARTBEAT_SECONDS * 1_000;
  }
}

/** The times from the end of a dead processor's silence until its job was leased again, while a server ran. */
export function revivals(ledger: Ledger, outages: readonly Outage[]): number[] {
  const dead = [...ledger.grants.values()].filter(({ died }) => died);
  return dead.flatMap(({ lease, silentAt }) => {
    const later = [...ledger.grants.values()].filter(
      (other) => other.lease.jobId === lease.jobId && other.lease.attempt > lease.attempt,
    );
    const next = Math.min(...later.map(({ receivedAt }) => receivedAt));
    // A job without a further attempt has failed for good.
    if (next === Infinity) return [];
    const down = outages.map(({ from, to }) => Math.min(to, next) - Math.max(from, silentAt));
    return next - silentAt - down.reduce((sum, ms) => sum + Math.max(0, ms), 0);
  });
}

/** Prints the distribution. Books each job that was worked again too late. */
export function showRevivals(ledger: Ledger, outages: readonly Outage[]): Record<string, number> {
  const times = revivals(ledger, outages).toSorted((a, b) => a - b);
  for (const ms of times) if (ms > LIMIT_MS) ledger.violate("jobs of the dead worked late", ms);
  const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? NaN);
  return {
    "leases of processors that died": [...ledger.grants.values()].filter(({ died }) => died).length,
    "their jobs worked again": times.length,
    "ms after the silence, p50": at(0.5),
    "ms after the silence, p90": at(0.9),
    "ms after the silence, max": at(1),
  };
}
