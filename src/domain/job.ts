import type { EndedAttempt } from "./ended-attempt.ts";
import { ID_LENGTH } from "./ids.ts";

/** A `completed`, `failed` or `cancelled` job is finished. Only a retry queues it again, and no cancelled one. */
export const JOB_STATUSES = ["queued", "processing", "completed", "failed", "cancelled"] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export const DOCUMENT_TYPES = ["pdf", "png", "jpg", "jpeg", "tiff", "bmp"] as const;
export type DocumentType = (typeof DOCUMENT_TYPES)[number];

/** The stored spelling of a type: lower case, `tif` as `tiff`. */
export function documentTypeOf(text: string): string {
  const lower = text.toLowerCase();
  return lower === "tif" ? "tiff" : lower;
}

/** A document whose bytes are stored here. */
export interface StoredDocument {
  /** Its name in the store, unique in the group. */
  readonly key: string;
  readonly size: number;
  readonly sha256: string;
}

/** The way a lease ended. `voided`: it ran out or its job was cancelled, and its holder can report nothing any more. */
export type LeaseOutcome = "completed" | "failed" | "released" | "voided";

/** The code of a failure that was reported without one. */
export const UNSPECIFIED = "unspecified";

/** One document to be read. Times are epoch milliseconds; `null` means not set. */
export interface Job {
  /** 24 hex characters; the first five are the job's sequence number in its group. */
  readonly id: string;
  readonly jobNumber: string | null;
  readonly documentName: string;
  readonly documentUrl: string | null;
  readonly documentType: DocumentType | null;
  /** The fields of the `StoredDocument`. `null` for a document that is elsewhere. */
  readonly documentKey: string | null;
  readonly documentSize: number | null;
  readonly documentSha256: string | null;
  /** JSON text, opaque here. */
  readonly metadata: string | null;
  readonly status: JobStatus;
  /** Attempts since the job was added or last retried. A released attempt does not count. */
  readonly attempts: number;
  /** The time from which a queued job may be claimed again. `null` for a job never claimed, and for one not queued. */
  readonly availableAt: number | null;
  /** The current lease, or the last one when none is held. */
  readonly leaseId: string | null;
  readonly leaseOutcome: LeaseOutcome | null;
  readonly leasedAt: number | null;
  /** The time at which the current attempt times out. `null` when no lease is held. */
  readonly attemptEndsAt: number | null;
  /** The longest silence of the processor, as its claim asked for. `null` when it need not beat. */
  readonly heartbeatSeconds: number | null;
  readonly workerId: string | null;
  /** Releases since the job was added. */
  readonly deferrals: number;
  readonly error: string | null;
  /** The code of `error`. `null` also beside the error of a job that failed before codes were kept. */
  readonly errorCode: string | null;
  /** The pages of the successful attempt. */
  readonly pages: number | null;
  /** The sum of the costs that were reported for the job's attempts. */
  readonly costMicros: number | null;
  readonly currency: string | null;
  readonly confidence: number | null;
  /** Milliseconds from claim to report of the successful attempt. */
  readonly processingMs: number | null;
  /** JSON text, set by the report that completes the job. It is written but never loaded here. */
  readonly extractedData: string | null;
  /** The attempts that ended since the job was read, oldest first. The stored history is never loaded here. */
  readonly ended: readonly EndedAttempt[];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly completedAt: number | null;
}

const SEQUENCE_DIGITS = 5;
export const MAX_SEQUENCE = 16 ** SEQUENCE_DIGITS;

/** The smallest id of a job with this sequence number. Ids sort in the order in which the jobs were added. */
export const firstIdAt = (sequence: number): string =>
  sequence.toString(16).padStart(SEQUENCE_DIGITS, "0");

export const isUnfinished = ({ status }: Job): boolean =>
  status === "queued" || status === "processing";

export const isUnclaimed = ({ status, availableAt }: Job): boolean =>
  status === "queued" && availableAt === null;

/** Sorts jobs by the order in which they were added. */
export const byAge = (a: Job, b: Job): number => (a.id < b.id ? -1 : 1);

export const sequenceOf = (jobId: string): number =>
  Number.parseInt(jobId.slice(0, SEQUENCE_DIGITS), 16);

/** The smallest sequence number of the jobs that sort behind this text: an id, the beginning of one, or nothing. */
export const sequenceAfter = (text: string): number => {
  if (text === "") return 0;
  return text.length > SEQUENCE_DIGITS ? sequenceOf(text) + 1 : sequenceOf(text);
};

/** The number of random hex characters that an add supplies: they make job ids unique beyond the group. */
export const JOB_ID_SUFFIX_LENGTH = ID_LENGTH - SEQUENCE_DIGITS;
