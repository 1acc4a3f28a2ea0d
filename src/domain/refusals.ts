/** The reasons to refuse a command. A refused command leaves the group as it was. */
export const REFUSAL_CODES = [
  "GROUP_NOT_FOUND",
  "JOB_NOT_FOUND",
  "JOB_UNFINISHED",
  "JOB_FINISHED",
  "DOCUMENT_EXISTS",
  "GROUP_LIMIT",
  "STORAGE_LIMIT",
  "GROUP_EMPTY",
  "GROUP_FULL",
  "GROUP_FINISHED",
  "GROUP_CANCELLED",
  "NOTHING_TO_RETRY",
  "NOTHING_TO_CANCEL",
  "LEASE_LOST",
  "OUTCOME_CONFLICT",
  "CURRENCY_MISMATCH",
  "PRECONDITION_FAILED",
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
  readonly code: RefusalCode;
  readonly detail: string;
}
