import { isBeingCancelled } from "../domain/group.ts";
import { leaseEnds, type State } from "../domain/state.ts";

/** Notices are sent right after their commit. An alarm this much later sends those that a crash has left. */
export const UNSENT_MS = 5_000;

/**
 * The time at which the alarm must go off at the latest: a lease expires, notices are still unsent, or a
 * cancel in steps has stopped.
 * `null` when the state needs no alarm.
 */
export function wakeTime(state: State, now: number): number | null {
  const times = leaseEnds(state);
  const isBroken = state.group !== null && isBeingCancelled(state.group);
  if (state.notices.length > 0 || isBroken) times.push(now + UNSENT_MS);
  return times.length === 0 ? null : Math.min(...times);
}
