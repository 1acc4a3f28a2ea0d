import type { NoticeEvent } from "./notice.ts";

/** The groups whose events are sent: those that meet every condition. `null` is no condition. */
export interface WebhookFilter {
  readonly groupId: string | null;
  readonly template: string | null;
  /** One of these tags is enough. */
  readonly tags: readonly string[] | null;
}

/** A URL that a workspace wants called for some events. Times are epoch milliseconds. */
export interface Webhook {
  readonly id: string;
  readonly workspace: string;
  readonly url: string;
  readonly events: readonly NoticeEvent[];
  /** `null` sends the events of every group. */
  readonly filter: WebhookFilter | null;
  /** Signs the messages. Stored as it was issued, because a hash of it could not sign. */
  readonly secret: string;
  /** The secret before the last rotation. It also signs, until `previousSecretUntil`. */
  readonly previousSecret: string | null;
  readonly previousSecretUntil: number | null;
  readonly createdAt: number;
  /** Set when the receiver answered 410: it is not called any more. */
  readonly disabledAt: number | null;
}
