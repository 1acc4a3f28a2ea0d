import type { ClaimFilter } from "./claim-filter.ts";
import type { Expense } from "./ended-attempt.ts";
import type { GroupInput } from "./group.ts";
import type { DocumentType, JobStatus, StoredDocument } from "./job.ts";
import type { Beat } from "./lease.ts";
import type { SweepStep } from "./sweep.ts";

export interface NewJob {
  readonly documentName: string;
  readonly documentUrl: string | null;
  readonly documentType: DocumentType | null;
  readonly jobNumber: string | null;
  readonly metadata: string | null;
  readonly stored?: StoredDocument;
}

interface Report {
  readonly jobId: string;
  readonly leaseId: string;
}

export interface CompleteJob extends Report, Expense {
  readonly kind: "complete";
  readonly confidence: number | null;
  readonly extractedData: string | null;
  /**
   * Claims a further job for the same worker, in the same commit, under this lease id. The id must be derived
   * from `leaseId`, so that a repeated report finds the lease.
   */
  readonly nextLeaseId?: string;
}

export interface FailJob extends Report, Expense {
  readonly kind: "fail";
  readonly error: string;
  readonly errorCode: string;
  readonly retryable: boolean;
  /** The wait before a further attempt, in place of the back-off. */
  readonly retryAfterSeconds: number | null;
}

export interface ReleaseJob extends Report {
  readonly kind: "release";
  /** The wait before the job may be claimed again. */
  readonly retryAfterSeconds: number;
  readonly reason: string | null;
  /** Nobody was told of the lease: it is as if it had not been granted. */
  readonly unseen?: true;
}

export interface ClaimJobs {
  readonly kind: "claim";
  readonly workerId: string;
  readonly maxJobs: number;
  /** Random ids, one for each of `maxJobs` leases. */
  readonly leaseIds: readonly string[];
  /** The claim leases nothing of a group that the filter does not let through. */
  readonly filter?: ClaimFilter;
  /** The longest silence of the processor. Without it the leases need no beats. */
  readonly heartbeatSeconds?: number;
}

export interface AddJobs {
  readonly kind: "add";
  readonly jobs: readonly NewJob[];
  /** Random hex, JOB_ID_SUFFIX_LENGTH long. */
  readonly idSuffix: string;
}

export interface EraseJob {
  readonly kind: "erase";
  readonly jobId: string;
}

/** Gives a document to a job that has none. */
export interface AttachDocument {
  readonly kind: "attach";
  readonly jobId: string;
  readonly documentType: DocumentType;
  readonly stored: StoredDocument;
}

/** Chooses among the jobs of a group. `null`: whatever its id, or its code. */
export interface Choice<Status extends JobStatus> {
  readonly statuses: readonly Status[];
  readonly jobIds: readonly string[] | null;
  readonly errorCodes: readonly string[] | null;
}

export type RetryChoice = Choice<"failed" | "completed">;

export interface Retry {
  readonly kind: "retry";
  /** `null` chooses every failed job. */
  readonly choice: RetryChoice | null;
  /** Only counts the jobs that match. */
  readonly dryRun: boolean;
  readonly step?: SweepStep;
}

export interface CancelJobs {
  readonly kind: "cancel";
  /** Cancels only these jobs. Without the list the whole group. */
  readonly jobIds?: readonly string[];
  readonly step?: SweepStep;
}

interface Precondition {
  /** The command is refused unless the group has one of these revisions. Without the list any will do. */
  readonly ifMatch?: readonly string[];
}

/** Everything that can change a group. Random values come with the command, so that `decide` stays pure. */
export type Command =
  | { readonly kind: "create"; readonly id: string; readonly input: GroupInput }
  | ({ readonly kind: "update"; readonly input: GroupInput } & Precondition)
  /** With `dueBy`: only if the retention of the group is over at that time. */
  | ({ readonly kind: "delete"; readonly dueBy?: number } & Precondition)
  | AddJobs
  | { readonly kind: "open" }
  | { readonly kind: "pause"; readonly reason: string | null }
  | { readonly kind: "resume" }
  | ClaimJobs
  | Beat
  | CompleteJob
  | FailJob
  | ReleaseJob
  | EraseJob
  | CancelJobs
  | AttachDocument
  | Retry
  /** Changes nothing itself. It makes the coordinator expire the leases that have run out. */
  | { readonly kind: "expire" };
