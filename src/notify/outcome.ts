import type { Delivery, RecordedFields } from "../domain/delivery.ts";
import type { Attempt } from "./attempt.ts";

/** A delivery that waits for the server is tried again after as long as it is old, within these limits. */
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [15 * 60_000, 24 * 60 * 60_000];

/** The consequences of one attempt. */
export interface Outcome {
  readonly fields: RecordedFields;
  /** Records the fields also when another sender has taken the delivery since, because it has arrived. */
  readonly evenIfTakenAgain: boolean;
  readonly disablesWebhook: boolean;
}

/** `retriesAt` holds the time of the next attempt after the first failure, after the second, and so on. */
export function outcomeOf(
  delivery: Delivery,
  attempt: Attempt,
  now: number,
  retriesAt: readonly number[],
): Outcome {
  return {
    fields: fieldsAfter(delivery, attempt, now, retriesAt),
    evenIfTakenAgain: attempt.ended === "delivered",
    disablesWebhook: attempt.ended === "gone",
  };
}

/** Taking a delivery counts an attempt. The count is taken back when nothing was sent. */
function fieldsAfter(
  { attempts, createdAt }: Delivery,
  attempt: Attempt,
  now: number,
  retriesAt: readonly number[],
): RecordedFields {
  switch (attempt.ended) {
    case "delivered":
      return { status: "delivered", deliveredAt: now, dueAt: null, lastError: null };
    case "waiting": {
      const dueAt = now + waitMs(now - createdAt);
      return { attempts: attempts - 1, dueAt, lastError: attempt.why };
    }
    case "refused":
      return { status: "dead", attempts: attempts - 1, dueAt: null, lastError: attempt.why };
    case "gone":
      return { status: "dead", dueAt: null, lastError: attempt.why };
    case "failed":
    case "unanswered": {
      const dueAt = retriesAt[attempts - 1] ?? null;
      return { status: dueAt === null ? "dead" : "pending", dueAt, lastError: attempt.why };
    }
  }
}

const waitMs = (ageMs: number): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, ageMs));
