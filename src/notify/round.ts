import type { Delivery } from "../domain/delivery.ts";
import { ATTEMPT_TIMEOUT_MS } from "./attempt.ts";
import type { Payload } from "./payload.ts";

/** The connections that a Worker may have open. */
export const PARALLEL_SENDS = 6;
/** Longer than any attempt: an outcome that is not recorded by then never will be. */
const TAKEN_MS = ATTEMPT_TIMEOUT_MS + 5_000;
/** After this many rounds the alarm continues, because an invocation may make only so many calls. */
const MAX_ROUNDS = 20;

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

export const payloadIn = ({ payload }: Delivery) => JSON.parse(payload) as Payload;

/** Without a failed job, the whole group would be searched for one. */
export const needsErrors = (deliveries: readonly Delivery[]): boolean =>
  deliveries.some(
    (delivery) => delivery.channel === "email" && payloadIn(delivery).data.failedJobs > 0,
  );
