import { configOf } from "../config.ts";
import type { Db } from "../store/db.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { GroupKey } from "../domain/group.ts";
import type { Webhook } from "../domain/webhook.ts";
import { readFirstErrors } from "../store/write/first-errors.ts";
import {
  type Taken,
  takeDeliveries,
  failOthersDue,
  recordDead,
  recordDelivered,
  recordFailed,
  recordWaiting,
} from "../store/write/outbox.ts";
import { disableWebhook } from "../store/webhooks.ts";
import { type Attempt, ATTEMPT_TIMEOUT_MS } from "./attempt.ts";
import type { FirstError } from "./email.ts";
import type { Payload } from "./payload.ts";
import { sendEmail } from "./send-email.ts";
import { sendWebhook } from "./send-webhook.ts";

/** How many are sent at once: a Worker has six connections. */
const PARALLEL_SENDS = 6;
/** Longer than any attempt: who has not recorded an outcome by then never will. */
const TAKEN_MS = ATTEMPT_TIMEOUT_MS + 5_000;
/** How long what waits for configuration waits before it looks again: as long as so far, within limits. */
const [SHORTEST_WAIT_MS, LONGEST_WAIT_MS] = [15 * 60_000, 24 * 60 * 60_000];
/** Then the alarm goes on: an invocation may make only so many calls. */
const MAX_ROUNDS = 20;
const FIRST_ERRORS = 5;
const RECORD_TRIES = 5;

interface Context {
  readonly env: Env;
  readonly db: Db;
  /** Makes sure of a wake-up at the latest at this time, also after a crash. */
  readonly wakeAt: (groupId: string, at: number) => Promise<void>;
  readonly background: (work: Promise<void>) => void;
}

/**
 * Sends the notices of one group, one attempt each, beside its commands and never in their way.
 *
 * What is due is taken in the database before it is sent, so two live copies of the object never send
 * the same attempt; one whose outcome nobody records falls due again, and is sent again under the
 * same id. Only one round is out at a time: a storm of notices waits in the database.
 */
export class Courier {
  readonly #context: Context;
  #sending = 0;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Resolves when what is due is taken and the next wake-up is sure; the sending goes on after that. */
  async wake(group: GroupKey, rounds = 0): Promise<void> {
    const { groupId } = group;
    const { db, wakeAt, background } = this.#context;
    const now = Date.now();
    const until = now + TAKEN_MS;
    if (this.#sending > 0) return wakeAt(groupId, until);
    if (rounds === MAX_ROUNDS) return wakeAt(groupId, now);
    const taken = await takeDeliveries(db, group, { now, until, limit: PARALLEL_SENDS });
    if (taken.nextAt !== null) await wakeAt(groupId, taken.nextAt);
    if (taken.deliveries.length === 0) return;
    const done = this.#round(group, taken)
      .then(() => this.wake(group, rounds + 1))
      // What was not recorded is due again when its time ends: the alarm is set for then.
      .catch((error: unknown) => console.error("notices not delivered", groupId, error));
    background(done);
  }

  async #round(group: GroupKey, { deliveries, webhooks }: Taken): Promise<void> {
    this.#sending++;
    try {
      const errors = await this.#firstErrors(group, deliveries);
      await Promise.all(
        deliveries.map(async (delivery) => {
          const webhook = webhooks.find(({ id }) => id === delivery.destination);
          await this.#record(delivery, webhook, await this.#send(delivery, webhook, errors));
        }),
      );
    } finally {
      this.#sending--;
    }
  }

  async #firstErrors(group: GroupKey, deliveries: readonly Delivery[]): Promise<FirstError[]> {
    const tellsErrors = deliveries.some(
      ({ channel, payload }) => channel === "email" && parse(payload).data.failedJobs > 0,
    );
    // Without a failed job the whole group would be searched for one.
    if (!tellsErrors) return [];
    return readFirstErrors(this.#context.db, group, FIRST_ERRORS);
  }

  #send(
    { groupId, id, channel, destination, payload }: Delivery,
    webhook: Webhook | undefined,
    errors: readonly FirstError[],
  ): Promise<Attempt> | Attempt {
    const { env } = this.#context;
    if (channel === "email") {
      return sendEmail(env, destination, parse(payload), errors);
    }
    if (webhook === undefined) return { ended: "refused", why: "the webhook was deleted" };
    if (webhook.disabledAt !== null) return { ended: "refused", why: "the webhook is disabled" };
    return sendWebhook(env, webhook, { id: `${groupId}.${id}`, payload });
  }

  /** Insists: an outcome that is known but not recorded would be sent again. */
  async #record(delivery: Delivery, webhook: Webhook | undefined, attempt: Attempt): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#recordOnce(delivery, webhook, attempt);
      } catch (error) {
        if (tries === RECORD_TRIES) throw error;
        await scheduler.wait(50 * 2 ** tries);
      }
    }
  }

  async #recordOnce(delivery: Delivery, webhook: Webhook | undefined, attempt: Attempt) {
    const { env, db } = this.#context;
    const now = Date.now();
    if (attempt.ended === "delivered") return void (await recordDelivered(db, delivery, now));
    const { ended, why } = attempt;
    switch (ended) {
      case "waiting":
        return void (await recordWaiting(
          db,
          delivery,
          why,
          now + waitMs(now - delivery.createdAt),
        ));
      case "gone":
      case "refused":
        if (ended === "gone" && webhook) await disableWebhook(db, webhook, now);
        return void (await recordDead(db, delivery, why));
      case "failed":
      case "unanswered": {
        const failure = { why, delaysMs: configOf(env).noticeRetriesMs, now };
        await recordFailed(db, delivery, failure);
        if (ended === "unanswered") await failOthersDue(db, delivery, failure);
      }
    }
  }
}

const parse = (payload: string) => JSON.parse(payload) as Payload;

const waitMs = (ageMs: number): number =>
  Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, ageMs));
