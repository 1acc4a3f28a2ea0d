/** A repeated Idempotency-Key is recognised for at least this long. */
export const RECEIPT_LIFETIME_MS = 24 * 60 * 60 * 1000;

/** Names the answers under one Idempotency-Key: one for each group that was asked, or only this group's. */
export interface ReceiptKey {
  readonly workspace: string;
  readonly operation: string;
  readonly keyHash: string;
  readonly groupId?: string;
}

/** The answer to a request with an Idempotency-Key, stored in the same batch as the change it reports. */
export interface Receipt extends ReceiptKey {
  readonly groupId: string;
  /** Hash of the request. The same key with another request is refused. */
  readonly fingerprint: string;
  /** The order in which the groups were asked, where one key stands for several. */
  readonly position: number;
  /** JSON text. */
  readonly reply: string;
  /** `null` for the creation of a group that still exists. */
  readonly expiresAt: number | null;
}
