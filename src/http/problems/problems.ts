import type { RefusalCode } from "../../domain/refusals.ts";

export interface ProblemEntry {
  readonly status:
    | 400
    | 401
    | 403
    | 404
    | 405
    | 408
    | 409
    | 412
    | 413
    | 415
    | 416
    | 429
    | 500
    | 501
    | 503;
  readonly title: string;
  /** A sentence that tells the caller what to do. */
  readonly advice: string;
  readonly retryAfterSeconds?: number;
}

/** Every error of the API. Answers, declared responses and the docs are made from this table. */
export const PROBLEMS = {
  MALFORMED_JSON: {
    status: 400,
    title: "Malformed JSON",
    advice: "Send a body that is one valid JSON document in UTF-8.",
  },
  MALFORMED_FORM: {
    status: 400,
    title: "Malformed form",
    advice:
      "Send one whole `multipart/form-data` body, with the boundary that its `Content-Type` names.",
  },
  VALIDATION_FAILED: {
    status: 400,
    title: "Invalid request",
    advice: "Correct each field or parameter listed in `errors`. Nothing was changed.",
  },
  LIST_TOO_BROAD: {
    status: 400,
    title: "Too many groups to look at",
    advice: "Add one of the conditions that `errors` names, or follow `nextCursor`.",
  },
  UNAUTHORIZED: {
    status: 401,
    title: "Missing or unknown API key",
    advice: "Send a valid key in the `api-key` header, or as `Authorization: Bearer <key>`.",
  },
  SIGNATURE_REFUSED: {
    status: 401,
    title: "The signed URL is wrong or over",
    advice:
      "Use the `documentUrl` of the current lease as it stands, or call without `signature` and with a key.",
  },
  INSUFFICIENT_SCOPE: {
    status: 403,
    title: "The API key does not allow this",
    advice:
      "Use a key with the scope named in `detail`, or ask an administrator of the workspace for one.",
  },
  NOT_FOUND: {
    status: 404,
    title: "No such resource",
    advice: "Check the path against the API reference at /docs.",
  },
  GROUP_NOT_FOUND: {
    status: 404,
    title: "No such job group",
    advice: "Check the id. The group may have been deleted.",
  },
  JOB_NOT_FOUND: {
    status: 404,
    title: "No such job",
    advice: "Check the job's id, and whether the job belongs to this group.",
  },
  DOCUMENT_NOT_FOUND: {
    status: 404,
    title: "No stored document",
    advice:
      "The job's document is not stored here: look at the job's `documentUrl`, or send one with putDocument.",
  },
  API_KEY_NOT_FOUND: {
    status: 404,
    title: "No such API key",
    advice: "Check the id. The answer that created the key shows it, and so does the list of keys.",
  },
  NOTIFICATION_NOT_FOUND: {
    status: 404,
    title: "No such notification",
    advice: "Check the notification's id against the group's list of notifications.",
  },
  WEBHOOK_NOT_FOUND: {
    status: 404,
    title: "No such webhook",
    advice: "Check the id. The webhook may have been deleted.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "Method not allowed",
    advice: "Use one of the methods in the `Allow` header.",
  },
  GROUP_EMPTY: {
    status: 409,
    title: "The group has no jobs",
    advice: "Add jobs, then release the group.",
  },
  GROUP_FULL: {
    status: 409,
    title: "The group is full",
    advice: "Add fewer jobs, or put the rest into another group.",
  },
  GROUP_FINISHED: {
    status: 409,
    title: "The group has finished",
    advice: "Nothing is left to do. Read the group for its result.",
  },
  GROUP_CANCELLED: {
    status: 409,
    title: "The group is cancelled",
    advice: "Cancelling is final. Create a new group.",
  },
  NOTHING_TO_RETRY: {
    status: 409,
    title: "No job to retry",
    advice:
      "Without a body a retry takes failed jobs: `failedJobs` must be above 0. With conditions, `dryRun` counts the " +
      "jobs that match.",
  },
  NOTHING_TO_CANCEL: {
    status: 409,
    title: "No job to cancel",
    advice:
      "None of the ids in `jobIds` is a job of the group that is queued, in processing or cancelled already. List " +
      "the group's jobs to see their states.",
  },
  LEASE_LOST: {
    status: 409,
    title: "The lease is not the job's current one",
    advice:
      "Drop the result and claim again. The job is cancelled, waits for a retry or belongs to another processor.",
  },
  JOB_UNFINISHED: {
    status: 409,
    title: "The job is not finished",
    advice: "Delete the job once it is completed, failed or cancelled.",
  },
  JOB_FINISHED: {
    status: 409,
    title: "The job is finished",
    advice: "Add another job for the document.",
  },
  DOCUMENT_EXISTS: {
    status: 409,
    title: "The job has a document",
    advice: "A document is never replaced. Add another job for another document.",
  },
  OUTCOME_CONFLICT: {
    status: 409,
    title: "The lease has reported another outcome",
    advice: "Report each attempt once. The first report counts.",
  },
  CURRENCY_MISMATCH: {
    status: 409,
    title: "The currency is not the group's",
    advice: "Convert the cost to the group's currency and report again.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 409,
    title: "The Idempotency-Key belongs to another request",
    advice: "Use a new key for a new request.",
  },
  GROUP_DELETED: {
    status: 409,
    title: "The group of this Idempotency-Key was deleted",
    advice: "Use a new Idempotency-Key to create another group.",
  },
  WEBHOOK_LIMIT: {
    status: 409,
    title: "Too many webhooks",
    advice: "Delete a webhook that you no longer need.",
  },
  API_KEY_LIMIT: {
    status: 409,
    title: "Too many API keys",
    advice: "Revoke a key that you no longer need.",
  },
  GROUP_LIMIT: {
    status: 409,
    title: "Too many job groups",
    advice: "Delete groups that are done, or give them `retentionDays`.",
  },
  STORAGE_LIMIT: {
    status: 409,
    title: "Too many bytes of documents",
    advice:
      "Delete jobs or groups whose documents are no longer needed, or give groups `retentionDays`.",
  },
  UPLOAD_TOO_SLOW: {
    status: 408,
    title: "The upload took too long",
    advice: "Send fewer documents in one request.",
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: "The group has changed",
    advice: "Read the group again, apply your change to it, and send its new ETag.",
  },
  BODY_TOO_LARGE: {
    status: 413,
    title: "Body too large",
    advice: "Send less in one request. `detail` names the limit.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "Unsupported media type",
    advice: "Send JSON with `Content-Type: application/json` and without a `Content-Encoding`.",
  },
  RANGE_NOT_SATISFIABLE: {
    status: 416,
    title: "The range lies beyond the document",
    advice: "Ask for a range within the size that `Content-Range` names.",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Too many requests",
    advice: "Send the same request again after `Retry-After` seconds, and then call less often.",
    retryAfterSeconds: 10,
  },
  INTERNAL_ERROR: {
    status: 500,
    title: "Internal error",
    advice: "Try again. If the error stays, report the `requestId`.",
  },
  DOCUMENTS_NOT_CONFIGURED: {
    status: 501,
    title: "Documents cannot be stored here",
    advice: "Give jobs a `documentUrl`, or bind an R2 bucket as `DOCUMENTS`.",
  },
  UNAVAILABLE: {
    status: 503,
    title: "Temporarily unavailable",
    advice: "Send the same request again after `Retry-After` seconds. Repeating it is safe.",
    retryAfterSeconds: 1,
  },
} as const satisfies Record<RefusalCode, ProblemEntry> & Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof PROBLEMS;

export const problemType = (code: ProblemCode): string =>
  `/problems/${code.toLowerCase().replaceAll("_", "-")}`;
