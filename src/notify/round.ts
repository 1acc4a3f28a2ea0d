import type { Delivery } from "../domain/delivery.ts";
import { type Attempt, ATTEMPT_TIMEOUT_MS } from "./attempt.ts";
import type { Payload } from "./payload.ts";

/** The connections that a Worker may have open. */
export const PARALLEL_SENDS = 6;
/** Longer than any attempt: an outcome that is not recorded by then never will be. */
const TAKEN_MS = ATTEMPT_TIMEOUT_MS + 5_000;
/** After this many rounds the alarm continues, because an invocation may make only so many calls. */
const MAX_ROUNDS = 20;
/** Short, because the destination may answer again at any time. */
const LONGEST_PAUSE_MS = 30_000;

/** The destinations that are sent nothing for now, each with the time at which its pause ends. */
export type Pauses = ReadonlyMap<string, number>;

/** One attempt of a round. */
export interface Sent {
  readonly destination: string;
  readonly attempt: Attempt;
}

export type Step =
  | { readonly kind: "wake later"; readonly at: number }
  | { readonly kind: "take"; readonly now: number; readonly until: number };

/** The step of a courier that is woken. `rounds` is the number of rounds before it without a break. */
export function nextStep(isSending: boolean, rounds: number, now: number): Step {
  const until = now + TAKEN_MS;
  // Only one round is out at a time: a storm of notices waits in the database.
  if (isSending) return { kind: "wake later", at: until };
  if (rounds === MAX_ROUNDS) return { kind: "wake later", at: now };
  return { kind: "take", now, until };
}

/**
 * The pauses after a round. A destination that answered no attempt of the round is silent: all that is due to it
 * waits, because it would only wait for the same silence. A lost answer beside a known one is bad luck, not silence.
 */
export function pausesAfter(
  pauses: Pauses,
  round: readonly Sent[],
  now: number,
  retriesMs: readonly number[],
): Pauses {
  const until = now + Math.min(LONGEST_PAUSE_MS, ...retriesMs.slice(0, 1));
  const reached = round.filter(({ attempt: { ended } }) => !UNSENT.has(ended));
  const left = [...pauses].filter(([, end]) => end > now);
  const silent = reached.map(({ destination }): [string, number] => [destination, until]);
  const after = new Map([...left, ...silent]);
  for (const { destination, attempt } of reached) {
    if (attempt.ended !== "unanswered") after.delete(destination);
  }
  return after;
}

/** The ends of attempts that say nothing about the destination, because nothing was sent. */
const UNSENT: ReadonlySet<Attempt["ended"]> = new Set(["waiting", "refused"]);

/** The destinations that a round leaves out. */
export const pausedAt = (pauses: Pauses, now: number): string[] =>
  [...pauses].flatMap(([destination, end]) => (end > now ? destination : []));

/** The time of the next wake-up: something falls due, or a pause ends. `null` when neither is to come. */
export function nextWake(nextAt: number | null, pauses: Pauses, now: number): number | null {
  const times = [nextAt ?? [], ...pauses.values()].flat().filter((at) => at > now);
  return times.length === 0 ? null : Math.min(...times);
}

export const payloadIn = ({ payload }: Delivery) => JSON.parse(payload) as Payload;

/** Without a failed job, the whole group would be searched for one. */
export const needsErrors = (deliveries: readonly Delivery[]): boolean =>
  deliveries.some(
    (delivery) => delivery.channel === "email" && payloadIn(delivery).data.failedJobs > 0,
  );
