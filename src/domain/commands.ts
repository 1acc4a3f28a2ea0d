import type { CommittedGroup, Counters, GroupInput, GroupStatus } from "./group.ts";
import type { DocumentType, JobStatus } from "./job.ts";

export interface NewJob {
  readonly documentName: string;
  readonly documentUrl: string | null;
  readonly documentType: DocumentType | null;
  readonly jobNumber: string | null;
  readonly metadata: string | null;
}

interface Report {
  readonly jobId: string;
  readonly leaseId: string;
}

export interface CompleteJob extends Report {
  readonly kind: "complete";
  readonly pages: number | null;
  readonly costMicros: number | null;
  readonly currency: string | null;
  readonly confidence: number | null;
  readonly extractedData: string | null;
  /**
   * Given, the job's worker gets the group's next lease in the same commit, under this id. It must follow
   * from `leaseId`: a repeat finds the lease by it.
   */
  readonly nextLeaseId?: string;
}

export interface FailJob extends Report {
  readonly kind: "fail";
  readonly error: string;
  readonly retryable: boolean;
}

export interface ReleaseJob extends Report {
  readonly kind: "release";
}

export interface ClaimJobs {
  readonly kind: "claim";
  readonly workerId: string;
  readonly maxJobs: number;
  /** Random, unused; as many as `maxJobs`. */
  readonly leaseIds: readonly string[];
}

export interface AddJobs {
  readonly kind: "add";
  readonly jobs: readonly NewJob[];
  /** Random hex, JOB_ID_SUFFIX_LENGTH long. */
  readonly idSuffix: string;
}

interface Precondition {
  /** The revisions the group may have; absent: any. */
  readonly ifMatch?: readonly string[];
}

/** Everything that can change a group. What is random comes with the command: `decide` stays pure. */
export type Command =
  | { readonly kind: "create"; readonly id: string; readonly input: GroupInput }
  | ({ readonly kind: "update"; readonly input: GroupInput } & Precondition)
  | ({ readonly kind: "delete" } & Precondition)
  | AddJobs
  | { readonly kind: "open" }
  | ClaimJobs
  | CompleteJob
  | FailJob
  | ReleaseJob
  | { readonly kind: "cancel" }
  | { readonly kind: "retry" }
  /** Nothing but what time itself has done to the leases. */
  | { readonly kind: "expire" };

export interface Lease {
  readonly jobId: string;
  readonly groupId: string;
  readonly leaseId: string;
  readonly attempt: number;
  readonly leaseExpiresAt: number;
  readonly template: string;
  readonly documentName: string;
  readonly documentUrl: string | null;
  readonly documentType: DocumentType | null;
  readonly metadata: string | null;
}

export const CLAIM_REASONS = [
  "nothing_queued",
  "parallel_limit",
  "backing_off",
  "not_released",
  "finished",
] as const;
export type ClaimReason = (typeof CLAIM_REASONS)[number];

export interface ClaimReply {
  readonly leases: Lease[];
  readonly reason: ClaimReason | null;
  /** With `backing_off`: when the next job may be claimed. */
  readonly retryAt: number | null;
}

export interface AddReply {
  readonly added: number;
  readonly existing: number;
  readonly jobs: {
    jobId: string;
    jobNumber: string | null;
    status: JobStatus;
    documentName: string;
  }[];
}

export interface ReportReply {
  readonly jobId: string;
  readonly status: JobStatus;
  readonly attempt: number;
  readonly outcome: "applied" | "duplicate";
  readonly group: Counters & { readonly status: GroupStatus };
  /** What a `complete` that asked for the next lease got; a duplicate shows only a lease still held. */
  readonly next?: ClaimReply;
}

/** The reply to each kind of command once it is committed. */
export interface Replies {
  create: CommittedGroup;
  update: CommittedGroup;
  delete: null;
  add: AddReply;
  open: CommittedGroup;
  claim: ClaimReply;
  complete: ReportReply;
  fail: ReportReply;
  release: ReportReply;
  cancel: CommittedGroup;
  retry: CommittedGroup;
  expire: CommittedGroup | null;
}

type Undecided<Reply> = Reply extends CommittedGroup ? "group" : Reply;

/** The reply `decide` gives. `group` stands for the committed group: its revision is not known before the commit. */
export type DecidedReply<Kind extends Command["kind"] = Command["kind"]> = Undecided<Replies[Kind]>;

/** Why a command was refused. The group's state is what it was. */
export const REFUSAL_CODES = [
  "GROUP_NOT_FOUND",
  "JOB_NOT_FOUND",
  "GROUP_EMPTY",
  "GROUP_FULL",
  "GROUP_FINISHED",
  "GROUP_CANCELLED",
  "NOTHING_TO_RETRY",
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
