import { and, asc, eq, gt, inArray, lte, min, type SQL, sql } from "drizzle-orm";
import type { Delivery, DeliveryKey, RecordedFields } from "../../domain/delivery.ts";
import type { GroupKey } from "../../domain/group.ts";
import type { Webhook } from "../../domain/webhook.ts";
import { among, type Db } from "../db.ts";
import { ofGroup, rowOf, toDelivery } from "../delivery-rows.ts";
import { delivery, webhook } from "../schema.ts";

export interface Taken {
  readonly deliveries: readonly Delivery[];
  /** All webhooks of the workspace, disabled ones included. */
  readonly webhooks: readonly Webhook[];
  /** The time after now at which the group's next delivery falls due, those just taken included. */
  readonly nextAt: number | null;
}

interface Taking {
  readonly now: number;
  readonly until: number;
  /** Destinations that are left out. */
  readonly except: readonly string[];
  readonly limit: number;
}

/**
 * Takes due deliveries: nobody else sends them before `until`. Counts the attempt. A delivery whose outcome
 * nobody records is due again at `until`.
 */
export async function takeDeliveries(
  db: Db,
  group: GroupKey,
  { now, until, except, limit }: Taking,
): Promise<Taken> {
  const due =
    except.length === 0
      ? db
          .select({ id: delivery.id })
          .from(delivery)
          .where(and(ofGroup(group), lte(delivery.dueAt, now)))
          .orderBy(asc(delivery.dueAt))
          .limit(limit)
      : dueToOthers(group, now, except, limit);
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

/**
 * Due deliveries to other destinations. Goes from destination to destination, one search in the index each, so the
 * deliveries that wait for a silent one are not read, however many they are.
 */
const dueToOthers = (
  { groupId }: GroupKey,
  now: number,
  except: readonly string[],
  limit: number,
): SQL =>
  sql`(WITH RECURSIVE destinations (name) AS (
      SELECT min(destination) FROM delivery INDEXED BY delivery_due_to
        WHERE group_id = ${groupId} AND due_at IS NOT NULL
      UNION ALL
      SELECT (SELECT min(destination) FROM delivery INDEXED BY delivery_due_to
        WHERE group_id = ${groupId} AND due_at IS NOT NULL AND destination > name)
      FROM destinations WHERE name IS NOT NULL
    )
    SELECT due.id FROM destinations CROSS JOIN delivery AS due
    WHERE name NOT IN ${among(except)}
      AND due.group_id = ${groupId} AND due.id IN (
        SELECT id FROM delivery INDEXED BY delivery_due_to
        WHERE group_id = ${groupId} AND destination = name AND due_at <= ${now}
        ORDER BY due_at LIMIT ${limit})
    ORDER BY due.due_at LIMIT ${limit})`;

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
