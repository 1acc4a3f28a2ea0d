import { type SQL, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import type { NoticeEvent } from "../../domain/notice.ts";
import { among } from "../db.ts";

/** A notice before its destinations are known. */
export interface OutgoingNotice {
  /** The start of the delivery's id. It is the same for the same event, so no event is stored twice. */
  readonly webhookKey: string;
  readonly emailKey: string;
  readonly run: number;
  readonly event: NoticeEvent;
  /** JSON text. */
  readonly payload: string;
  readonly recipients: readonly string[];
}

/** Inserts one row for each recipient and for each webhook of the workspace that listens to the event. */
export function insertDeliveries(
  group: Group,
  notices: readonly OutgoingNotice[],
  now: number,
): SQL {
  const field = (name: keyof OutgoingNotice) => sql.raw(`notice.value ->> '${name}'`);
  const shared = sql`${field("run")}, ${field("event")}, ${field("payload")}, 'pending', 0, ${now}, ${now}`;
  const list = JSON.stringify(notices);
  return sql`INSERT OR IGNORE INTO delivery
    (group_id, workspace, id, channel, destination, run, event, payload, status, attempts, due_at, created_at)
    SELECT ${group.id}, ${group.workspace}, ${field("emailKey")} || '.email.' || recipient.key, 'email', recipient.value, ${shared}
      FROM json_each(${list}) AS notice, json_each(notice.value, '$.recipients') AS recipient
    UNION ALL
    SELECT ${group.id}, ${group.workspace}, ${field("webhookKey")} || '.' || webhook.id, 'webhook', webhook.id, ${shared}
      FROM webhook CROSS JOIN json_each(${list}) AS notice
      WHERE webhook.workspace = ${group.workspace} AND webhook.disabled_at IS NULL
        AND EXISTS (SELECT 1 FROM json_each(webhook.events) AS wanted WHERE wanted.value = ${field("event")})
        AND ${letsThrough(group)}`;
}

/** The webhook has no filter, or one whose every condition the group meets. */
const letsThrough = ({ id, template, tags }: Group): SQL => {
  const condition = (name: "groupId" | "template") => sql.raw(`webhook.filter ->> '${name}'`);
  return sql`(webhook.filter IS NULL OR (
    coalesce(${condition("groupId")}, ${id}) = ${id}
    AND coalesce(${condition("template")}, ${template}) = ${template}
    AND (webhook.filter ->> 'tags' IS NULL OR EXISTS (SELECT 1 FROM json_each(webhook.filter, '$.tags') AS wanted
      WHERE wanted.value IN ${among(tags)}))))`;
};
