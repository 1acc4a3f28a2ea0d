import { and, asc, count, desc, eq, gt, inArray, lte, min, sql } from "drizzle-orm";
import type { Group } from "../domain/group.ts";
import type { NoticeEvent } from "../domain/notice.ts";
import type { Db } from "./db.ts";
import { DELIVERY_STATUSES, delivery, job, jobGroup, webhook } from "./schema.ts";
import type { Webhook } from "./webhooks.ts";

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

export interface Claimed {
  readonly deliveries: readonly Delivery[];
  /** The workspace's webhooks, disabled ones included. */
  readonly webhooks: readonly Webhook[];
  /** When the next of the group's deliveries falls due, those just claimed included. */
  readonly nextAt: number | null;
}

/**
 * Takes what is due, so that nobody else sends it until `until`, and counts the attempt. When nobody
 * records what became of it, it is due again then.
 */
export async function claimDeliveries(
  db: Db,
  groupId: string,
  { now, until, most }: { now: number; until: number; most: number },
): Promise<Claimed> {
  const due = db
    .select({ id: delivery.id })
    .from(delivery)
    .where(and(eq(delivery.groupId, groupId), lte(delivery.dueAt, now)))
    .orderBy(asc(delivery.dueAt))
    .limit(most);
  const workspace = sql`(SELECT workspace FROM job_group WHERE id = ${groupId})`;
  const [deliveries, [next], webhooks] = await db.batch([
    db
      .update(delivery)
      .set({ attempts: sql`${delivery.attempts} + 1`, dueAt: until, attemptedAt: now })
      .where(and(eq(delivery.groupId, groupId), inArray(delivery.id, due)))
      .returning(),
    db
      .select({ at: min(delivery.dueAt) })
      .from(delivery)
      .where(and(eq(delivery.groupId, groupId), gt(delivery.dueAt, now))),
    db
      .select()
      .from(webhook)
      .where(sql`${webhook.workspace} = ${workspace}`),
  ]);
  return { deliveries, webhooks, nextAt: next?.at ?? null };
}

const rowOf = ({ groupId, id }: Pick<Delivery, "groupId" | "id">) =>
  and(eq(delivery.groupId, groupId), eq(delivery.id, id));

/** Whoever has claimed it since knows better than a claim that has run out. */
const stillClaimed = (claimed: Delivery) =>
  and(rowOf(claimed), claimed.dueAt === null ? undefined : eq(delivery.dueAt, claimed.dueAt));

/** It has arrived, whoever sent it. */
export const recordDelivered = (db: Db, claimed: Delivery, now: number) =>
  db
    .update(delivery)
    .set({ status: "delivered", deliveredAt: now, dueAt: null, lastError: null })
    .where(rowOf(claimed));

/** It waits for something that is no failure of its own: the attempt is not counted. */
export const recordWaiting = (db: Db, claimed: Delivery, why: string, dueAt: number) =>
  db
    .update(delivery)
    .set({ attempts: claimed.attempts - 1, dueAt, lastError: why })
    .where(stillClaimed(claimed));

export const recordDead = (db: Db, claimed: Delivery, why: string) =>
  db
    .update(delivery)
    .set({ status: "dead", dueAt: null, lastError: why })
    .where(stillClaimed(claimed));

/** Due again after the delay that its attempts have earned; dead when there is none left. */
export const recordFailed = (
  db: Db,
  claimed: Delivery,
  failure: { why: string; delaysMs: readonly number[]; now: number },
) =>
  db
    .update(delivery)
    .set(failed(failure, sql`${delivery.attempts}`))
    .where(stillClaimed(claimed));

/**
 * What else of the group is due to a destination that gives no answer has failed with it: it would only
 * wait for the same silence.
 */
export const failOthersDue = (
  db: Db,
  { groupId, destination }: Delivery,
  failure: { why: string; delaysMs: readonly number[]; now: number },
) =>
  db
    .update(delivery)
    .set({
      ...failed(failure, sql`${delivery.attempts} + 1`),
      attempts: sql`${delivery.attempts} + 1`,
    })
    .where(
      and(
        eq(delivery.groupId, groupId),
        lte(delivery.dueAt, failure.now),
        eq(delivery.destination, destination),
      ),
    );

function failed(
  { why, delaysMs, now }: { why: string; delaysMs: readonly number[]; now: number },
  attempts: ReturnType<typeof sql>,
) {
  const delay = sql`json_extract(${JSON.stringify(delaysMs)}, '$[' || (${attempts} - 1) || ']')`;
  return {
    dueAt: sql`${now} + ${delay}`,
    status: sql`CASE WHEN ${delay} IS NULL THEN 'dead' ELSE 'pending' END`,
    lastError: why,
  };
}

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
export const readFirstErrors = (db: Db, groupId: string, most: number) =>
  db
    .select({ documentName: job.documentName, error: job.error })
    .from(job)
    .where(and(eq(job.groupId, groupId), eq(job.status, "failed")))
    .orderBy(asc(job.id))
    .limit(most);
