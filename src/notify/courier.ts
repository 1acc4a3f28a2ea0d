import { configOf } from "../config.ts";
import type { Delivery } from "../domain/delivery.ts";
import type { GroupKey } from "../domain/group.ts";
import type { Webhook } from "../domain/webhook.ts";
import { connect, type Db } from "../store/db.ts";
import { databaseAt, type GroupPlace } from "../store/shards.ts";
import { disableWebhook } from "../store/webhooks.ts";
import { readFirstErrors } from "../store/write/first-errors.ts";
import { recordFields, type Taken, takeDeliveries } from "../store/write/outbox.ts";
import type { Attempt } from "./attempt.ts";
import type { FirstError } from "./email.ts";
import { outcomeOf } from "./outcome.ts";
import {
  needsErrors,
  nextStep,
  nextWake,
  PARALLEL_SENDS,
  pausedAt,
  type Pauses,
  pausesAfter,
  payloadIn,
  type Sent,
} from "./round.ts";
import { sendEmail } from "./send-email.ts";
import { sendWebhook } from "./send-webhook.ts";

const FIRST_ERRORS = 5;
const RECORD_TRIES = 5;

interface Context {
  readonly env: Env;
  /** Makes sure that the courier is woken at this time or before, also after a crash. */
  readonly wakeAt: (group: GroupKey, at: number) => Promise<void>;
  readonly background: (work: Promise<void>) => void;
}

/**
 * Sends the notices of one group, one attempt each, beside its commands and never in their way. It does the
 * I/O; `round.ts` and `outcome.ts` decide.
 *
 * Due deliveries are taken in the database before they are sent, so two live copies of the object never
 * send the same attempt. A delivery whose outcome nobody records falls due again, and is sent again under
 * the same id.
 */
export class Courier {
  readonly #context: Context;
  #sending = 0;
  /** In memory only. An object that was reset learns in one round which destinations are silent. */
  #pauses: Pauses = new Map();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Resolves when due deliveries are taken and the next wake-up is sure. The sending goes on after that. */
  async wake(group: GroupPlace, rounds = 0): Promise<void> {
    const { env, wakeAt, background } = this.#context;
    const db = connect(databaseAt(env, group.shard));
    const step = nextStep(this.#sending > 0, rounds, Date.now());
    if (step.kind === "wake later") return wakeAt(group, step.at);
    const except = pausedAt(this.#pauses, step.now);
    const taken = await takeDeliveries(db, group, { ...step, except, limit: PARALLEL_SENDS });
    const nextAt = nextWake(taken.nextAt, this.#pauses, step.now);
    if (nextAt !== null) await wakeAt(group, nextAt);
    if (taken.deliveries.length === 0) return;
    const done = this.#round(db, group, taken)
      .then(() => this.wake(group, rounds + 1))
      // A delivery without a recorded outcome falls due again, and the alarm is set for that time.
      .catch((error: unknown) => console.error("notices not delivered", group.groupId, error));
    background(done);
  }

  async #round(db: Db, group: GroupKey, { deliveries, webhooks }: Taken): Promise<void> {
    this.#sending++;
    try {
      const errors = needsErrors(deliveries) ? await this.#firstErrors(db, group) : [];
      const sent = await Promise.all(
        deliveries.map(async (delivery): Promise<Sent> => {
          const webhook = webhooks.find(({ id }) => id === delivery.destination);
          const attempt = await this.#send(delivery, webhook, errors);
          await this.#record(db, delivery, webhook, attempt);
          return { destination: delivery.destination, attempt };
        }),
      );
      const { noticeRetriesMs } = configOf(this.#context.env);
      this.#pauses = pausesAfter(this.#pauses, sent, Date.now(), noticeRetriesMs);
    } finally {
      this.#sending--;
    }
  }

  /** `null` when they cannot be read: what needs none is sent all the same. */
  async #firstErrors(db: Db, group: GroupKey): Promise<FirstError[] | null> {
    try {
      return await readFirstErrors(db, group, FIRST_ERRORS);
    } catch (error) {
      console.error("errors for an e-mail not read", group.groupId, error);
      return null;
    }
  }

  async #send(
    delivery: Delivery,
    webhook: Webhook | undefined,
    errors: readonly FirstError[] | null,
  ): Promise<Attempt> {
    const { env } = this.#context;
    const { groupId, id, channel, destination, payload } = delivery;
    if (channel === "email") {
      if (errors !== null || !needsErrors([delivery])) {
        return sendEmail(env, destination, payloadIn(delivery), errors ?? []);
      }
      return { ended: "waiting", why: "waits for the errors of the failed jobs" };
    }
    if (webhook === undefined) return { ended: "refused", why: "the webhook was deleted" };
    if (webhook.disabledAt !== null) return { ended: "refused", why: "the webhook is disabled" };
    return sendWebhook(env, webhook, { id: `${groupId}.${id}`, payload });
  }

  /** Tries several times: a delivery whose outcome is not recorded would be sent again. */
  async #record(
    db: Db,
    delivery: Delivery,
    webhook: Webhook | undefined,
    attempt: Attempt,
  ): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.#recordOnce(db, delivery, webhook, attempt);
      } catch (error) {
        if (tries === RECORD_TRIES) throw error;
        await scheduler.wait(50 * 2 ** tries);
      }
    }
  }

  async #recordOnce(
    db: Db,
    delivery: Delivery,
    webhook: Webhook | undefined,
    attempt: Attempt,
  ): Promise<void> {
    const { env } = this.#context;
    const now = Date.now();
    const retriesAt = configOf(env).noticeRetriesMs.map((delay) => now + delay);
    const outcome = outcomeOf(delivery, attempt, now, retriesAt);
    if (outcome.disablesWebhook && webhook) await disableWebhook(db, webhook, now);
    await recordFields(db, delivery, outcome.fields, outcome.evenIfTakenAgain);
  }
}
