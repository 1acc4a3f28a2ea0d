import { and, asc, eq, sql } from "drizzle-orm";
import type { Webhook } from "../domain/webhook.ts";
import type { Db } from "./db.ts";
import { webhook } from "./schema.ts";

const one = (workspace: string, id: string) =>
  and(eq(webhook.workspace, workspace), eq(webhook.id, id));

/** Stores a new webhook. Returns `false` when the workspace has as many as it may. */
export async function insertWebhook(
  db: Db,
  { id, workspace, url, events, filter, secret, createdAt }: Webhook,
  quota: number | undefined,
): Promise<boolean> {
  const taken = sql`(SELECT count(*) FROM webhook WHERE workspace = ${workspace})`;
  const { meta } = await db.run(
    sql`INSERT INTO webhook (id, workspace, url, events, filter, secret, created_at)
      SELECT ${id}, ${workspace}, ${url}, ${JSON.stringify(events)}, ${filter && JSON.stringify(filter)}, ${secret}, ${createdAt}
      ${quota === undefined ? sql`` : sql`WHERE ${taken} < ${quota}`}`,
  );
  return meta.changes > 0;
}

export const listWebhooks = (db: Db, workspace: string): Promise<Webhook[]> =>
  db
    .select()
    .from(webhook)
    .where(eq(webhook.workspace, workspace))
    .orderBy(asc(webhook.createdAt), asc(webhook.id));

export const readWebhook = (db: Db, workspace: string, id: string): Promise<Webhook | undefined> =>
  db.select().from(webhook).where(one(workspace, id)).get();

export async function deleteWebhook(db: Db, workspace: string, id: string): Promise<boolean> {
  const { meta } = await db.delete(webhook).where(one(workspace, id));
  return meta.changes > 0;
}

/** Replaces the secret. The old one stays valid until `previousUntil`; one replaced earlier ends now. */
export const rotateSecret = (
  db: Db,
  workspace: string,
  id: string,
  { secret, previousUntil }: { secret: string; previousUntil: number },
): Promise<Webhook | undefined> =>
  db
    .update(webhook)
    .set({ secret, previousSecret: sql`${webhook.secret}`, previousSecretUntil: previousUntil })
    .where(one(workspace, id))
    .returning()
    .get();

/** Stops all later messages to a webhook. */
export const disableWebhook = (db: Db, { workspace, id }: Webhook, now: number) =>
  db.update(webhook).set({ disabledAt: now }).where(one(workspace, id));
