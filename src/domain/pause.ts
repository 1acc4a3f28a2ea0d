import { type Group, isFinished } from "./group.ts";
import { groupPaused } from "./notice.ts";
import {
  announce,
  type Decision,
  type LiveState,
  patchGroup,
  refuse,
  withConsequences,
} from "./state.ts";

/** Stops the group's claims. Leases run on and may report. Repeating it changes nothing. */
export function pause(state: LiveState, reason: string | null, now: number): Decision<"group"> {
  const ended = endedRefusal(state.group);
  if (ended !== null) return ended;
  if (state.group.pausedAt !== null) return { ok: true, state, reply: "group" };
  const paused = patchGroup(state, { pausedAt: now, pauseReason: reason });
  const next = withConsequences(paused, now);
  return { ok: true, state: announce(next, groupPaused(next.group, now, false)), reply: "group" };
}

/** Lets processors claim again. `maxFailureRate` is measured anew from here. Repeating it changes nothing. */
export function resume(state: LiveState, now: number): Decision<"group"> {
  const { group } = state;
  const ended = endedRefusal(group);
  if (ended !== null) return ended;
  if (group.pausedAt === null) return { ok: true, state, reply: "group" };
  const pausedMs = group.runStartedAt === null ? 0 : Math.max(0, now - group.pausedAt);
  const resumed = patchGroup(state, {
    pausedAt: null,
    pauseReason: null,
    runPausedMs: group.runPausedMs + pausedMs,
    recentResults: "",
  });
  return { ok: true, state: withConsequences(resumed, now), reply: "group" };
}

function endedRefusal(group: Group) {
  if (group.status === "cancelled") return refuse("GROUP_CANCELLED", "The group is cancelled.");
  if (!isFinished(group)) return null;
  return refuse("GROUP_FINISHED", `The group is ${group.status}; no job of it can be claimed.`);
}
