import { and, asc, eq, gt, inArray, lte, min, sql } from "drizzle-orm";
import type { Delivery, DeliveryKey, RecordedFields } from "../../domain/delivery.ts";
import type { GroupKey } from "../../domain/group.ts";
import type { Webhook } from "../../domain/webhook.ts";
import type { Db } from "../db.ts";
import { ofGroup, rowOf, toDelivery } from "../delivery-rows.ts";
import { delivery, webhook } from "../schema.ts";

export interface Taken {
  readonly deliveries: readonly Delivery[];
  /** All webhooks of the workspace, disabled ones included. */
  readonly webhooks: readonly Webhook[];
  /** The time at which the group's next delivery falls due, those just taken included. */
  readonly nextAt: number | null;
}

/**
 * Takes due deliveries: nobody else sends them before `until`. Counts the attempt. A delivery whose outcome
 * nobody records is due again at `until`.
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

/** Records the outcome of an attempt. */
export async function recordFields(
  db: Db,
  taken: Delivery,
  fields: RecordedFields,
  evenIfTakenAgain: boolean,
): Promise<void> {
  const row = evenIfTakenAgain ? rowOf(taken) : stillTaken(taken);
  await db.update(delivery).set(fields).where(row);
}

/** Matches only until somebody else takes the row, so a late outcome cannot overwrite a newer one. */
const stillTaken = (taken: Delivery) =>
  and(rowOf(taken), taken.dueAt === null ? undefined : eq(delivery.dueAt, taken.dueAt));

/** Counts a failed attempt for all of the group that is due to the same destination. */
export async function failOthersDue(
  db: Db,
  taken: Delivery,
  {
    now,
    retriesAt,
    lastError,
  }: { now: number; retriesAt: readonly number[]; lastError: string | null },
): Promise<void> {
  const retryAt = sql`json_extract(${JSON.stringify(retriesAt)}, '$[' || ${delivery.attempts} || ']')`;
  await db
    .update(delivery)
    .set({
      attempts: sql`${delivery.attempts} + 1`,
      dueAt: retryAt,
      status: sql`CASE WHEN ${retryAt} IS NULL THEN 'dead' ELSE 'pending' END`,
      lastError,
    })
    .where(
      and(ofGroup(taken), lte(delivery.dueAt, now), eq(delivery.destination, taken.destination)),
    );
}
