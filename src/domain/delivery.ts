import type { GroupKey } from "./group.ts";
import type { NoticeEvent } from "./notice.ts";

export const DELIVERY_STATUSES = ["pending", "delivered", "dead"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

export const CHANNELS = ["email", "webhook"] as const;

export interface DeliveryKey extends GroupKey {
  /** Run, event and destination: the same notice cannot be stored twice for one destination. */
  readonly id: string;
}

/** One notice for one destination. Times are epoch milliseconds. */
export interface Delivery extends DeliveryKey {
  readonly run: number;
  readonly event: NoticeEvent;
  readonly channel: (typeof CHANNELS)[number];
  /** An e-mail address, or a webhook's id. */
  readonly destination: string;
  /** JSON text of the message, as it was at the event. */
  readonly payload: string;
  readonly status: DeliveryStatus;
  /** Attempts begun since the delivery was created or redelivered by hand. None is counted that sent nothing. */
  readonly attempts: number;
  /**
   * Time of the next attempt. While an attempt is under way it is the time at which that attempt counts as
   * lost. `null` when no attempt is to follow.
   */
  readonly dueAt: number | null;
  readonly attemptedAt: number | null;
  readonly deliveredAt: number | null;
  readonly lastError: string | null;
  readonly createdAt: number;
}

/** The fields that the outcome of an attempt changes. */
export type RecordedFields = Pick<Delivery, "lastError"> &
  Partial<Pick<Delivery, "status" | "attempts" | "dueAt" | "deliveredAt">>;
