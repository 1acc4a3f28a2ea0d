/**
 * The examples of the docs tell one story. A group has 150 invoices: 120 are read, ten have failed and 20 are
 * left, three of them leased. One of those three is then reported.
 */
export const GROUP_ID = "65f1a2b3c4d5e6f7a8b9c0d1";
export const JOB_ID = "0008265f1a2b3c4d5e6f7a8b";
export const FINISHED_JOB_ID = "0000065f1a2b3c4d5e6f7a8b";
export const LEASE_ID = "9b2f4c1d7e8a4f0bb6c35a1e2d7f8091";

export const GROUP_INPUT = {
  name: "January invoices",
  description: "Supplier invoices received in January 2026",
  batchNumber: "BATCH-2026-01",
  template: "invoice-standard",
  priority: "high",
  processingSettings: { parallelJobs: 10, retryCount: 2, timeoutMinutes: 30 },
  notifications: {
    onCompletion: true,
    onFailure: true,
    recipients: ["accounts-payable@example.com"],
  },
  createdBy: "maria.lopez",
  assignedTo: "accounts-payable",
  tags: ["invoices", "january"],
  metadata: { costCenter: "4711" },
};

const CREATED_AT = "2026-02-02T08:00:00.000Z";
const RELEASED_AT = "2026-02-02T08:04:00.000Z";
const STARTED_AT = "2026-02-02T08:05:00.000Z";
const UPDATED_AT = "2026-02-02T08:07:40.000Z";
const COMPLETED_AT = "2026-02-02T08:08:05.000Z";
const REPORTED_AT = "2026-02-02T08:07:52.500Z";

const counters = (pendingJobs: number, completedJobs = 0, failedJobs = 0, cancelledJobs = 0) => ({
  totalJobs: pendingJobs + completedJobs + failedJobs + cancelledJobs,
  pendingJobs,
  processingJobs: 0,
  completedJobs,
  failedJobs,
  cancelledJobs,
});

const NOTHING_YET = {
  totalDocuments: 0,
  totalPages: 0,
  averageProcessingTime: 0,
  successRate: 0,
  totalCost: 0,
  currency: "USD",
};

/** The group of the story before jobs are added. */
export const NEW_GROUP = {
  _id: GROUP_ID,
  ...GROUP_INPUT,
  status: "created",
  ...counters(0),
  statistics: NOTHING_YET,
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
};

export const RELEASED_GROUP = {
  ...NEW_GROUP,
  status: "queued",
  ...counters(150),
  updatedAt: RELEASED_AT,
};

export const GROUP = {
  ...NEW_GROUP,
  status: "processing",
  ...counters(20, 120, 10),
  processingJobs: 3,
  statistics: {
    totalDocuments: 130,
    totalPages: 240,
    averageProcessingTime: 12.5,
    successRate: 120 / 130,
    totalCost: 1.8,
    currency: "USD",
  },
  startedAt: STARTED_AT,
  estimatedCompletionTime: "2026-02-02T08:08:05.000Z",
  updatedAt: UPDATED_AT,
};

const { estimatedCompletionTime: _estimate, ...withoutEstimate } = GROUP;

export const PAUSE = { reason: "The OCR provider is down." };

export const PAUSED_GROUP = {
  ...withoutEstimate,
  updatedAt: REPORTED_AT,
  pausedAt: REPORTED_AT,
  pauseReason: PAUSE.reason,
};

export const CANCEL = { jobIds: [JOB_ID] };

export const GROUP_WITH_CANCELLED_JOB = {
  ...GROUP,
  ...counters(19, 120, 10, 1),
  processingJobs: 2,
  updatedAt: REPORTED_AT,
};

export const CANCELLED_GROUP = {
  ...withoutEstimate,
  outcome: "cancelled",
  status: "cancelled",
  ...counters(0, 120, 10, 20),
  updatedAt: REPORTED_AT,
  completedAt: REPORTED_AT,
};

export const RETRIED_GROUP = {
  ...GROUP,
  ...counters(30, 120),
  processingJobs: 3,
  statistics: { ...GROUP.statistics, totalDocuments: 120, successRate: 1 },
  updatedAt: REPORTED_AT,
};

export const RETRY = { errorCodes: ["unreadable_scan"] };

export const NEW_JOB = {
  documentName: "invoice-131.pdf",
  documentUrl: "https://files.example.com/invoices/invoice-131.pdf",
  documentType: "pdf",
  jobNumber: "INV-2026-0131",
  metadata: { supplier: "ACME GmbH" },
};

export const JOB_DETAILS = [{ jobNumber: NEW_JOB.jobNumber, metadata: NEW_JOB.metadata }];

export const ADDED_JOBS = {
  added: 1,
  existing: 0,
  jobs: [
    {
      jobId: JOB_ID,
      jobNumber: NEW_JOB.jobNumber,
      status: "queued",
      documentName: NEW_JOB.documentName,
    },
  ],
};

export const CLAIM = {
  workerId: "ocr-worker-7",
  maxJobs: 5,
  heartbeatSeconds: 60,
  waitSeconds: 20,
};

export const CLAIM_ANY = { ...CLAIM, templates: [GROUP_INPUT.template], tags: ["january"] };

export const LEASE = {
  jobId: JOB_ID,
  groupId: GROUP_ID,
  leaseId: LEASE_ID,
  attempt: 1,
  leaseExpiresAt: "2026-02-02T08:08:40.000Z",
  leaseSeconds: 60,
  heartbeatSeconds: CLAIM.heartbeatSeconds,
  template: GROUP_INPUT.template,
  groupName: GROUP_INPUT.name,
  priority: GROUP_INPUT.priority,
  batchNumber: GROUP_INPUT.batchNumber,
  ...NEW_JOB,
};

const OTHER_LEASE = {
  jobId: "0008365f1a2b3c4d5e6f7a8b",
  leaseId: "3d0e6a5b2c9f4e7d8a1b0c9d8e7f6a5b",
};

export const HEARTBEAT = {
  leases: [
    { groupId: GROUP_ID, jobId: JOB_ID, leaseId: LEASE_ID },
    { groupId: GROUP_ID, ...OTHER_LEASE },
  ],
};

export const KEPT_LEASE = {
  jobId: JOB_ID,
  leaseId: LEASE_ID,
  leaseExpiresAt: "2026-02-02T08:09:00.000Z",
};

export const LOST_LEASE = {
  ...OTHER_LEASE,
  code: "LEASE_LOST",
  detail: "The lease is not held any more, or never was. Stop the work and claim again.",
};

const RESULT = { pages: 2, cost: 0.015, currency: "USD", confidence: 0.98 };
const extractedData = { invoiceNumber: "2026-00417", total: 1190, vat: 190, dueDate: "2026-02-28" };

export const COMPLETE = { leaseId: LEASE_ID, ...RESULT, extractedData };

export const FAIL = {
  leaseId: LEASE_ID,
  error: "The scan is unreadable: page 2 is blank.",
  errorCode: "unreadable_scan",
  retryable: false,
  pages: 1,
  cost: 0.005,
  currency: "USD",
};

export const RELEASE = {
  leaseId: LEASE_ID,
  retryAfterSeconds: 60,
  reason: "The OCR service is busy: 429, in a minute.",
};

export const REPORT = {
  jobId: JOB_ID,
  status: "completed",
  attempt: 1,
  outcome: "applied",
  group: { status: "processing", ...counters(19, 121, 10), processingJobs: 2 },
};

export const FAILED_REPORT = {
  ...REPORT,
  status: "failed",
  group: { ...REPORT.group, ...counters(19, 120, 11), processingJobs: 2 },
};

export const RELEASED_REPORT = {
  ...REPORT,
  status: "queued",
  attempt: 0,
  group: { ...REPORT.group, ...counters(20, 120, 10), processingJobs: 2 },
};

export const JOB_SUMMARY = {
  jobId: JOB_ID,
  ...NEW_JOB,
  status: "completed",
  attempts: 1,
  deferrals: 1,
  workerId: CLAIM.workerId,
  ...RESULT,
  processingTime: 12.5,
  createdAt: CREATED_AT,
  updatedAt: REPORTED_AT,
  completedAt: REPORTED_AT,
};

const { confidence: _confidence, ...expense } = RESULT;

export const ENDED_ATTEMPT = {
  attempt: 1,
  workerId: CLAIM.workerId,
  leasedAt: UPDATED_AT,
  endedAt: REPORTED_AT,
  outcome: "completed",
  ...expense,
};

const DEFERRED_ATTEMPT = {
  attempt: 1,
  workerId: CLAIM.workerId,
  leasedAt: STARTED_AT,
  endedAt: "2026-02-02T08:05:02.000Z",
  outcome: "released",
  error: RELEASE.reason,
};

export const JOB = {
  ...JOB_SUMMARY,
  extractedData,
  history: [DEFERRED_ATTEMPT, ENDED_ATTEMPT],
};

export const FOUND_JOB = { groupId: GROUP_ID, ...JOB_SUMMARY };

export const RESULTS_NDJSON = `${JSON.stringify({ ...JOB_SUMMARY, extractedData })}\n`;

export const RESULTS_CSV = `jobId,jobNumber,documentName,status,…,/total\r
${JOB_ID},${NEW_JOB.jobNumber},${NEW_JOB.documentName},completed,…,${extractedData.total}\r
`;

export const API_KEY_INPUT = {
  name: "OCR workers",
  workspace: "default",
  scopes: ["groups:read", "jobs:process"],
  expiresAt: "2035-12-31T23:59:59.000Z",
};

export const API_KEY = {
  id: "9f8e7d6c5b4a392817060504",
  ...API_KEY_INPUT,
  createdAt: CREATED_AT,
};

export const CURRENT_API_KEY = { id: API_KEY.id, ...API_KEY_INPUT };

export const CREATED_API_KEY = {
  ...API_KEY,
  key: "ocr_0c5a4f1e9b7d23860a1b2c3d4e5f60718293a4b5c6d7e8f9",
};

export const NOTIFICATION = {
  notificationId: "0001.job.failed.email.0",
  event: "job.failed",
  run: 1,
  recipient: GROUP_INPUT.notifications.recipients[0],
  status: "delivered",
  attempts: 1,
  createdAt: UPDATED_AT,
  lastAttemptAt: UPDATED_AT,
  deliveredAt: UPDATED_AT,
};

export const WEBHOOK_ID = "b1c2d3e4f5a60718293a4b5c";

export const WEBHOOK_INPUT = {
  url: "https://example.com/hooks/invoices",
  events: ["job_group.completed", "job_group.failed"],
};

export const WEBHOOK = { webhookId: WEBHOOK_ID, ...WEBHOOK_INPUT, createdAt: CREATED_AT };

export const NEW_WEBHOOK = { ...WEBHOOK, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };

export const ROTATED_WEBHOOK = {
  ...WEBHOOK,
  secret: "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD",
  previousSecretUntil: "2026-02-03T08:00:00.000Z",
};

export const PING_RESULT = { delivered: true };

const event = (type: string, fields: object) => ({
  type,
  timestamp: COMPLETED_AT,
  data: {
    groupId: GROUP_ID,
    name: GROUP_INPUT.name,
    batchNumber: GROUP_INPUT.batchNumber,
    run: 1,
    ...fields,
    currency: "USD",
    startedAt: STARTED_AT,
  },
});

const READ = { totalPages: GROUP.statistics.totalPages, totalCost: GROUP.statistics.totalCost };

export const GROUP_EVENTS = {
  "job_group.completed": event("job_group.completed", {
    status: "completed",
    outcome: "partial",
    ...counters(0, 140, 10),
    totalPages: 280,
    totalCost: 2.1,
    completedAt: COMPLETED_AT,
  }),
  "job_group.failed": event("job_group.failed", {
    status: "failed",
    outcome: "failed",
    ...counters(0, 0, 150),
    totalPages: 0,
    totalCost: 0,
    completedAt: COMPLETED_AT,
  }),
  "job_group.cancelled": event("job_group.cancelled", {
    status: "cancelled",
    outcome: "cancelled",
    ...counters(0, 120, 10, 20),
    ...READ,
    completedAt: COMPLETED_AT,
  }),
  "job_group.paused": event("job_group.paused", {
    status: "processing",
    ...counters(20, 120, 10),
    processingJobs: 3,
    ...READ,
    pausedAt: COMPLETED_AT,
    pauseReason: PAUSE.reason,
  }),
};

export const COMPLETED_JOB_EVENT = event("job.completed", {
  status: "processing",
  ...counters(29, 121),
  processingJobs: 2,
  ...READ,
  job: {
    jobId: JOB_ID,
    jobNumber: NEW_JOB.jobNumber,
    documentName: NEW_JOB.documentName,
    attempts: 1,
    pages: 2,
    cost: 0.015,
    confidence: 0.97,
    processingTime: 12.5,
  },
});

export const JOB_EVENT = event("job.failed", {
  status: "processing",
  ...counters(29, 120, 1),
  processingJobs: 2,
  ...READ,
  job: {
    jobId: JOB_ID,
    jobNumber: NEW_JOB.jobNumber,
    documentName: NEW_JOB.documentName,
    attempts: 1,
    error: FAIL.error,
    errorCode: FAIL.errorCode,
  },
});

export const PING_EVENT = {
  type: "ping",
  timestamp: REPORTED_AT,
  data: { webhookId: WEBHOOK_ID },
};

const TALLY = {
  ...counters(20, 120, 10),
  processingJobs: 3,
  totalPages: 240,
  totalCost: 1.8,
  totalProcessingTime: 1_500,
};
export const VERIFICATION = { consistent: true, stored: TALLY, recounted: TALLY };

export const JOB_ERRORS = {
  success: true,
  data: [{ errorCode: FAIL.errorCode, jobs: 10, error: FAIL.error, jobId: FINISHED_JOB_ID }],
};

export const METRICS = `# HELP ocr_job_groups Job groups.
# TYPE ocr_job_groups gauge
ocr_job_groups{status="processing",priority="high"} 1
`;

export const EVENT_STREAM = `event: group
data: ${JSON.stringify(GROUP)}
id: 5f0c7a1be94d3826

`;
