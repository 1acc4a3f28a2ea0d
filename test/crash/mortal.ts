import { setTimeout as sleep } from "node:timers/promises";
import { BASE } from "../support/client.ts";
import type { World } from "./clients.ts";
import { insist } from "./insist.ts";
import type { Grant, Ledger } from "./ledger.ts";

export const HEARTBEAT_SECONDS = 15;
const DEATHS = 0.1;
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
    const mayBeVoid = sentAt >= grant.silentAt || ledger.cancelled.has(grant.lease.jobId);
    if (!isKept && !mayBeVoid) ledger.violate("unexpected answers", body.data[index]);
    if (isKept) grant.silentAt = sentAt + HEARTBEAT_SECONDS * 1_000;
  }
}

interface Revival {
  /** From the end of the silence until the job was leased again. */
  readonly ms: number;
  /** No server ran, or the group was paused, for a part of that time. */
  readonly metOutage: boolean;
}

/** The jobs of the dead that were leased again. The others had no further attempt and failed for good. */
function revivals(ledger: Ledger, outages: readonly Outage[]): Revival[] {
  const byJob = Map.groupBy(ledger.grants.values(), ({ lease }) => lease.jobId);
  return [...byJob.values()].flatMap((grants) => {
    const inOrder = grants.toSorted((a, b) => a.receivedAt - b.receivedAt);
    return inOrder.flatMap(({ died, silentAt, lease }, index) => {
      const next = inOrder[index + 1]?.receivedAt;
      // A job that failed for good is worked again only when an operator says so.
      if (!died || next === undefined || ledger.retried.has(lease.groupId)) return [];
      const pauses = ledger.pauses.filter(({ groupId }) => groupId === lease.groupId);
      const metOutage = [...outages, ...pauses].some(
        ({ from, to }) => from < next && silentAt < to,
      );
      return [{ ms: next - silentAt, metOutage }];
    });
  });
}

/** Prints the distribution. Books each job that was worked again too late although the server ran. */
export function showRevivals(ledger: Ledger, outages: readonly Outage[]): Record<string, number> {
  const all = revivals(ledger, outages);
  const calm = all.filter(({ metOutage }) => !metOutage);
  const times = calm.map(({ ms }) => ms).toSorted((a, b) => a - b);
  for (const ms of times) if (ms > LIMIT_MS) ledger.violate("jobs of the dead worked late", ms);
  const at = (share: number) => Math.round(times[Math.ceil(times.length * share) - 1] ?? NaN);
  return {
    "leases of processors that died": [...ledger.grants.values()].filter(({ died }) => died).length,
    "their jobs worked again": all.length,
    "of these without an outage between": times.length,
    "ms after their silence, p50": at(0.5),
    "ms after their silence, p90": at(0.9),
    "ms after their silence, max": at(1),
  };
}
