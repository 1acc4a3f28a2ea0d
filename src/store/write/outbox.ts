import { and, asc, eq, gt, inArray, lte, min, type SQL, sql } from "drizzle-orm";
import type { Delivery, DeliveryKey } from "../../domain/delivery.ts";
import type { GroupKey } from "../../domain/group.ts";
import type { Webhook } from "../../domain/webhook.ts";
import type { Db } from "../db.ts";
import { ofGroup, rowOf, toDelivery } from "../delivery-rows.ts";
import { delivery, webhook } from "../schema.ts";

export interface Taken {
  readonly deliveries: readonly Delivery[];
  /** The workspace's webhooks, disabled ones included. */
  readonly webhooks: readonly Webhook[];
  /** When the next of the group's deliveries falls due, those just taken included. */
  readonly nextAt: number | null;
}

/**
 * Takes what is due, so that nobody else sends it until `until`, and counts the attempt. When nobody
 * records what became of it, it is due again then.
 */
export async function takeDeliveries(
  db: Db,
  group: GroupKey,
  { now, until, limit }: { now: number; until: number; limit: number },
): Promise<Taken> {
  const due = db
    .select({ id: delivery.id })
    .from(delivery)
    .where(and(ofGroup(group), lte(delivery.dueAt, now)))
    .orderBy(asc(delivery.dueAt))
    .limit(limit);
  const [taken, [next], webhooks] = await db.batch([
    db
      .update(delivery)
      .set({ attempts: sql`${delivery.attempts} + 1`, dueAt: until, attemptedAt: now })
      .where(and(ofGroup(group), inArray(delivery.id, due)))
      .returning(),
    db
      .select({ at: min(delivery.dueAt) })
      .from(delivery)
      .where(and(ofGroup(group), gt(delivery.dueAt, now))),
    db.select().from(webhook).where(eq(webhook.workspace, group.workspace)),
  ]);
  return {
    deliveries: taken.map((row) => toDelivery(group, row)),
    webhooks,
    nextAt: next?.at ?? null,
  };
}

/** Makes a delivery due at once with fresh attempts, whatever its status. */
export async function reviveDelivery(
  db: Db,
  key: DeliveryKey,
  now: number,
): Promise<Delivery | undefined> {
  const [row] = await db
    .update(delivery)
    .set({ status: "pending", attempts: 0, dueAt: now, deliveredAt: null })
    .where(rowOf(key))
    .returning();
  return row && toDelivery(key, row);
}

/** Matches only until somebody else takes the row, so that a late outcome never overwrites a newer one. */
const stillTaken = (taken: Delivery) =>
  and(rowOf(taken), taken.dueAt === null ? undefined : eq(delivery.dueAt, taken.dueAt));

/** It has arrived, whoever sent it. */
export const recordDelivered = (db: Db, taken: Delivery, now: number) =>
  db
    .update(delivery)
    .set({ status: "delivered", deliveredAt: now, dueAt: null, lastError: null })
    .where(rowOf(taken));

/** It waits for something that is no failure of its own: the attempt is not counted. */
export const recordWaiting = (db: Db, taken: Delivery, why: string, dueAt: number) =>
  db
    .update(delivery)
    .set({ attempts: taken.attempts - 1, dueAt, lastError: why })
    .where(stillTaken(taken));

export const recordDead = (db: Db, taken: Delivery, why: string) =>
  db.update(delivery).set({ status: "dead", dueAt: null, lastError: why }).where(stillTaken(taken));

interface Failure {
  readonly why: string;
  /** How long to wait after the first attempt, the second, and so on. */
  readonly delaysMs: readonly number[];
  readonly now: number;
}

/** Due again after the delay that its attempts have earned; dead when there is none left. */
export const recordFailed = (db: Db, taken: Delivery, failure: Failure) =>
  db
    .update(delivery)
    .set(failed(failure, sql`${delivery.attempts}`))
    .where(stillTaken(taken));

/**
 * What else of the group is due to a destination that gives no answer has failed with it: it would only
 * wait for the same silence.
 */
export const failOthersDue = (db: Db, taken: Delivery, failure: Failure) =>
  db
    .update(delivery)
    .set({
      ...failed(failure, sql`${delivery.attempts} + 1`),
      attempts: sql`${delivery.attempts} + 1`,
    })
    .where(
      and(
        ofGroup(taken),
        lte(delivery.dueAt, failure.now),
        eq(delivery.destination, taken.destination),
      ),
    );

function failed({ why, delaysMs, now }: Failure, attempts: SQL) {
  const delay = sql`json_extract(${JSON.stringify(delaysMs)}, '$[' || (${attempts} - 1) || ']')`;
  return {
    dueAt: sql`${now} + ${delay}`,
    status: sql`CASE WHEN ${delay} IS NULL THEN 'dead' ELSE 'pending' END`,
    lastError: why,
  };
}
