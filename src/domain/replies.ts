import type { Command } from "./commands.ts";
import type { CommittedGroup, Counters, GroupStatus, Priority } from "./group.ts";
import type { DocumentType, JobStatus, StoredDocument } from "./job.ts";
import type { BeatReply } from "./lease.ts";

export interface Lease {
  readonly jobId: string;
  readonly groupId: string;
  readonly leaseId: string;
  readonly attempt: number;
  readonly leaseExpiresAt: number;
  /** The whole length of the lease. */
  readonly leaseSeconds: number;
  readonly heartbeatSeconds: number | null;
  readonly template: string;
  readonly groupName: string;
  readonly priority: Priority;
  readonly batchNumber: string | null;
  readonly jobNumber: string | null;
  readonly documentName: string;
  readonly documentUrl: string | null;
  readonly documentType: DocumentType | null;
  readonly metadata: string | null;
  /** Absent for a document that is elsewhere. */
  readonly stored?: LeasedDocument;
}

export interface LeasedDocument extends StoredDocument {
  /** The end of the attempt. A lease ends no later. */
  readonly attemptEndsAt: number;
}

export const CLAIM_REASONS = [
  "nothing_queued",
  "parallel_limit",
  "backing_off",
  "not_released",
  "paused",
  "finished",
] as const;
export type ClaimReason = (typeof CLAIM_REASONS)[number];

export interface ClaimReply {
  readonly leases: Lease[];
  readonly reason: ClaimReason | null;
  /** `backing_off`: when the next job may be claimed. `parallel_limit`: when the first lease of the group ends. */
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
  /** The claim that came with a `complete`. A duplicate shows a lease only while it is held. */
  readonly next?: ClaimReply;
}

/** The documents that are to be removed from the store. */
export interface DeleteReply {
  readonly storedDocuments: number;
}

export interface EraseReply {
  readonly documentKey: string | null;
}

export interface RetryReply {
  readonly group: CommittedGroup;
  readonly matched: number;
}

/** The reply to each kind of command once it is committed. */
export interface Replies {
  create: CommittedGroup;
  update: CommittedGroup;
  delete: DeleteReply;
  add: AddReply;
  open: CommittedGroup;
  pause: CommittedGroup;
  resume: CommittedGroup;
  claim: ClaimReply;
  beat: BeatReply;
  complete: ReportReply;
  fail: ReportReply;
  release: ReportReply;
  erase: EraseReply;
  attach: null;
  cancel: CommittedGroup;
  retry: RetryReply;
  expire: CommittedGroup | null;
}

type Undecided<Reply> = Reply extends CommittedGroup
  ? "group"
  : Reply extends RetryReply
    ? Omit<Reply, "group"> & { readonly group: "group" }
    : Reply;

/** The reply of `decide`. `group` stands for the committed group, which has no revision before the commit. */
export type DecidedReply<Kind extends Command["kind"] = Command["kind"]> = Undecided<Replies[Kind]>;
