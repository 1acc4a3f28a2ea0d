import { and, asc, count, desc, eq, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import type { NoticeEvent } from "../../domain/notice.ts";
import type { Db } from "../db.ts";
import { DELIVERY_STATUSES, delivery, job, jobGroup } from "../schema.ts";

export { DELIVERY_STATUSES };
export type Delivery = typeof delivery.$inferSelect;
export type DeliveryStatus = Delivery["status"];
export type DeliveryKey = Pick<Delivery, "groupId" | "id"> & { readonly workspace: string };

/** A notice on its way out, before it is known who wants it. */
export interface OutgoingNotice {
  /** Unique in the group for what is to be told once. */
  readonly webhookKey: string;
  readonly emailKey: string;
  readonly run: number;
  readonly event: NoticeEvent;
  /** JSON text. */
  readonly payload: string;
  readonly recipients: readonly string[];
}

/** One row for each recipient and each of the workspace's webhooks; none where nobody listens. */
export function insertDeliveries(group: Group, notices: readonly OutgoingNotice[], now: number) {
  const field = (name: keyof OutgoingNotice) => sql.raw(`notice.value ->> '${name}'`);
  const shared = sql`${field("run")}, ${field("event")}, ${field("payload")}, 'pending', 0, ${now}, ${now}`;
  const list = JSON.stringify(notices);
  return sql`INSERT OR IGNORE INTO delivery
    (group_id, id, channel, destination, run, event, payload, status, attempts, due_at, created_at)
    SELECT ${group.id}, ${field("emailKey")} || '.email.' || recipient.key, 'email', recipient.value, ${shared}
      FROM json_each(${list}) AS notice, json_each(notice.value, '$.recipients') AS recipient
    UNION ALL
    SELECT ${group.id}, ${field("webhookKey")} || '.' || webhook.id, 'webhook', webhook.id, ${shared}
      FROM webhook CROSS JOIN json_each(${list}) AS notice
      WHERE webhook.workspace = ${group.workspace} AND webhook.disabled_at IS NULL
        AND EXISTS (SELECT 1 FROM json_each(webhook.events) AS wanted WHERE wanted.value = ${field("event")})`;
}

export const rowOf = ({ groupId, id }: Pick<Delivery, "groupId" | "id">) =>
  and(eq(delivery.groupId, groupId), eq(delivery.id, id));

/** Makes a delivery due at once, with fresh attempts, whatever became of it. */
export async function reviveDelivery(
  db: Db,
  key: DeliveryKey,
  now: number,
): Promise<Delivery | undefined> {
  const group = sql`EXISTS (SELECT 1 FROM ${jobGroup} WHERE ${jobGroup.id} = ${key.groupId} AND ${jobGroup.workspace} = ${key.workspace})`;
  const [row] = await db
    .update(delivery)
    .set({ status: "pending", attempts: 0, dueAt: now, deliveredAt: null })
    .where(and(rowOf(key), group))
    .returning();
  return row;
}

/** A page of a group's deliveries, latest run first, and how many there are. */
export async function readDeliveries(
  db: Db,
  groupId: string,
  page: { status: DeliveryStatus | undefined; limit: number; offset: number },
): Promise<{ deliveries: Delivery[]; total: number }> {
  const chosen = and(
    eq(delivery.groupId, groupId),
    page.status && eq(delivery.status, page.status),
  );
  const [deliveries, [counted]] = await db.batch([
    db
      .select()
      .from(delivery)
      .where(chosen)
      .orderBy(desc(delivery.id))
      .limit(page.limit)
      .offset(page.offset),
    db.select({ total: count() }).from(delivery).where(chosen),
  ]);
  return { deliveries, total: counted?.total ?? 0 };
}

/** What went wrong in the first failed jobs of a group, for people to read. */
export const readFirstErrors = (db: Db, groupId: string, limit: number) =>
  db
    .select({ documentName: job.documentName, error: job.error })
    .from(job)
    .where(and(eq(job.groupId, groupId), eq(job.status, "failed")))
    .orderBy(asc(job.id))
    .limit(limit);
