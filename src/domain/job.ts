import { ID_LENGTH } from "./ids.ts";

/** States of a job. `completed`, `failed` and `cancelled` absorb; only an explicit retry leaves `failed`. */
export const JOB_STATUSES = ["queued", "processing", "completed", "failed", "cancelled"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const DOCUMENT_TYPES = ["pdf", "png", "jpg", "jpeg", "tiff", "bmp"] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** How a lease ended. `voided` covers expiry and cancellation: its holder may report nothing any more. */
export type LeaseOutcome = "completed" | "failed" | "released" | "voided";

/** One document to be read. Times are epoch milliseconds; `null` means not set. */
export interface Job {
  /** 24 hex characters; the first five are the job's sequence number in its group. */
  readonly id: string;
  readonly jobNumber: string | null;
  readonly documentName: string;
  readonly documentUrl: string | null;
  readonly documentType: DocumentType | null;
  /** JSON text, opaque here. */
  readonly metadata: string | null;
  readonly status: JobStatus;
  /** Attempts begun and not released. */
  readonly attempts: number;
  /** When a job waiting for a further attempt may be claimed; `null` for a job never claimed. */
  readonly availableAt: number | null;
  /** The current lease or, once settled, the last one. */
  readonly leaseId: string | null;
  readonly leaseOutcome: LeaseOutcome | null;
  readonly leasedAt: number | null;
  readonly leaseExpiresAt: number | null;
  readonly workerId: string | null;
  readonly error: string | null;
  readonly pages: number | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
  readonly confidence: number | null;
  /** Milliseconds from claim to report of the successful attempt. */
  readonly processingMs: number | null;
  /** JSON text, set by the report that completes the job and never loaded back. */
  readonly extractedData: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly completedAt: number | null;
}

const SEQUENCE_DIGITS = 5;

/** The smallest id a job with this sequence number can have: ids sort in the order jobs were added. */
export const firstIdAt = (sequence: number): string =>
  sequence.toString(16).padStart(SEQUENCE_DIGITS, "0");

/** In the order in which jobs were added. */
export const byAge = (a: Job, b: Job): number => (a.id < b.id ? -1 : 1);

export const sequenceOf = (jobId: string): number =>
  Number.parseInt(jobId.slice(0, SEQUENCE_DIGITS), 16);

/** Hex characters an add must supply to make its job ids unique beyond their group. */
export const JOB_ID_SUFFIX_LENGTH = ID_LENGTH - SEQUENCE_DIGITS;
