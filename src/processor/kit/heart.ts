import { setTimeout as sleep } from "node:timers/promises";
import type { Calls } from "./calls.ts";
import type { HeldLease } from "./held-lease.ts";
import { Refusal } from "./insist.ts";

/**
 * Beats for all leases that are held, in one call, until `signal` aborts. A call that gets no answer in time is
 * followed by the next one, with the leases that are held then. Rejects when the key is refused.
 */
export async function beatUntil(
  signal: AbortSignal,
  everyMs: number,
  held: ReadonlySet<HeldLease>,
  calls: Calls,
): Promise<void> {
  while (await rest(everyMs, signal)) {
    const leases = [...held];
    if (leases.length === 0) continue;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(everyMs)]);
    try {
      const answers = await calls.heartbeat(
        leases.map(({ lease }) => lease),
        inTime,
      );
      answers.forEach((answer, index) => {
        if ("code" in answer) leases[index]?.denied(answer.detail);
        else leases[index]?.beaten(answer.leaseExpiresAt);
      });
    } catch (error) {
      if (error instanceof Refusal) throw error;
    }
  }
}

/** `false` when the signal aborts first. */
const rest = (ms: number, signal: AbortSignal): Promise<boolean> =>
  sleep(ms, undefined, { signal }).then(
    () => true,
    () => false,
  );
