import type { createClient } from "ocr-invoice-job-groups/client";

export type Client = ReturnType<typeof createClient>;

type ClaimAnswer = Awaited<ReturnType<Client["ocr-invoice-job-group"]["jobs"]["claim"]["$post"]>>;

/** A claimed job as the API shows it. */
export type Lease = Awaited<
  ReturnType<Extract<ClaimAnswer, { status: 200 }>["json"]>
>["data"][number];

/** A claimed job with its document. */
export type Job = Lease & {
  /** The document's bytes. They are fetched when the first of them is read, and only once. */
  readonly document: ReadableStream<Uint8Array>;
};

/** The result of a reading. All that is missing is left out of the report. */
export interface ReadResult {
  pages?: number;
  /** Cost of this reading. It is rounded to six decimals. */
  cost?: number;
  /** ISO 4217. */
  currency?: string;
  /** 0 to 1. */
  confidence?: number;
  /** Any object that JSON can hold, at most 256 KiB. */
  extractedData?: object;
}

/**
 * Reads one document. Throws `Throttled` to be asked again later, `Unreadable` when no attempt can succeed, and
 * anything else when another attempt may. `signal` aborts when the result is of no use any more.
 */
export type Read = (job: Job, context: { signal: AbortSignal }) => Promise<ReadResult>;

export interface ProcessorOptions {
  /** The origin of the API, such as `https://invoices.example`. */
  url: string;
  /** A key with the scope `jobs:process`. */
  apiKey: string;
  read: Read;
  /** The name that jobs show. The host's name and the process id unless given. */
  workerId?: string;
  /** Only jobs of groups with one of these templates. */
  templates?: string[];
  /** Only jobs of groups with one of these tags. */
  tags?: string[];
  /** Only jobs of this group. The processor then ends with the group. */
  groupId?: string;
  /** Documents read at once, 1 to 100. Default 1. */
  concurrency?: number;
  /** Longest silence before the API gives a job to others, 15 to 600. Default 60; beats come three times as often. */
  heartbeatSeconds?: number;
  /** Longest wait of a claim for work, 0 to 25. Default 20. */
  waitSeconds?: number;
  /** Longest time for one document. Default 240, so that the shortest `timeoutMinutes` is not met. */
  readTimeoutSeconds?: number;
  /** Stops at SIGTERM and SIGINT. Default true. */
  handleSignals?: boolean;
}

/** Event names with their arguments. A processor works the same whether anybody listens. */
export interface ProcessorEvents {
  claimed: [job: Lease];
  completed: [job: Lease, details: { seconds: number; pages?: number; cost?: number }];
  failed: [
    job: Lease,
    details: { seconds: number; errorCode: string; error: string; retryable: boolean },
  ];
  released: [job: Lease, details: { reason: string; retryAfterSeconds: number }];
  /** The job is not ours any more: its time is over, its group is cancelled, or another has it. */
  lost: [job: Lease, details: { reason: string }];
  /** A claim came back empty. */
  idle: [details: { reason: string | undefined }];
  /** A call to the API failed and is repeated after the wait. */
  retrying: [details: { call: string; reason: string; waitSeconds: number }];
}
