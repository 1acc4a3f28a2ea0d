import type { NoticeEvent } from "./notice.ts";

/** A URL that a workspace wants called for some events. Times are epoch milliseconds. */
export interface Webhook {
  readonly id: string;
  readonly workspace: string;
  readonly url: string;
  readonly events: readonly NoticeEvent[];
  /** Signs the messages. Stored as it was issued, because a hash of it could not sign. */
  readonly secret: string;
  /** The secret before the last rotation. It also signs, until `previousSecretUntil`. */
  readonly previousSecret: string | null;
  readonly previousSecretUntil: number | null;
  readonly createdAt: number;
  /** Set when the receiver answered 410: it is not called any more. */
  readonly disabledAt: number | null;
}
