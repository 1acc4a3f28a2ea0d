import type { ExtractSchema } from "hono/types";
import type { App } from "../http/app-types.ts";
import { createApiKey } from "./api-keys/create-api-key.ts";
import { getCurrentApiKey } from "./api-keys/get-current-api-key.ts";
import { listApiKeys } from "./api-keys/list-api-keys.ts";
import { revokeApiKey } from "./api-keys/revoke-api-key.ts";
import { cancelJobGroup } from "./groups/cancel-job-group.ts";
import { createJobGroup } from "./groups/create-job-group.ts";
import { deleteJobGroup } from "./groups/delete-job-group.ts";
import { getJobGroup } from "./groups/get-job-group.ts";
import { listJobGroups } from "./groups/list-job-groups.ts";
import { pauseJobGroup } from "./groups/pause-job-group.ts";
import { processJobGroup } from "./groups/process-job-group.ts";
import { resumeJobGroup } from "./groups/resume-job-group.ts";
import { retryJobGroup } from "./groups/retry-job-group.ts";
import { streamJobGroup } from "./groups/stream-job-group.ts";
import { updateJobGroup } from "./groups/update-job-group.ts";
import { verifyJobGroup } from "./groups/verify-job-group.ts";
import { getDocument } from "./documents/get-document.ts";
import { putDocument } from "./documents/put-document.ts";
import { uploadDocuments } from "./documents/upload-documents.ts";
import { addJobs } from "./jobs/add-jobs.ts";
import { claimAnyJobs } from "./jobs/claim-any-jobs.ts";
import { claimJobs } from "./jobs/claim-jobs.ts";
import { completeJob } from "./jobs/complete-job.ts";
import { deleteJob } from "./jobs/delete-job.ts";
import { failJob } from "./jobs/fail-job.ts";
import { findJobs } from "./jobs/find-jobs.ts";
import { getJob } from "./jobs/get-job.ts";
import { heartbeat } from "./jobs/heartbeat.ts";
import { listJobGroupJobs } from "./jobs/list-job-group-jobs.ts";
import { releaseJob } from "./jobs/release-job.ts";
import { getReadiness } from "./health/get-readiness.ts";
import { listJobErrors } from "./jobs/list-job-errors.ts";
import { getMetrics } from "./metrics/get-metrics.ts";
import { listNotifications } from "./notifications/list-notifications.ts";
import { redeliverNotification } from "./notifications/redeliver-notification.ts";
import { exportResults } from "./results/export-results.ts";
import { createWebhook } from "./webhooks/create-webhook.ts";
import { deleteWebhook } from "./webhooks/delete-webhook.ts";
import { describeWebhooks } from "./webhooks/described.ts";
import { listWebhooks } from "./webhooks/list-webhooks.ts";
import { pingWebhook } from "./webhooks/ping-webhook.ts";
import { rotateWebhookSecret } from "./webhooks/rotate-webhook-secret.ts";

/** Every operation of the API, in the order in which the docs show them. */
const OPERATIONS = [
  listJobGroups,
  createJobGroup,
  // Before the groups: its path is also that of a group with the id "jobs".
  findJobs,
  getJobGroup,
  updateJobGroup,
  deleteJobGroup,
  processJobGroup,
  pauseJobGroup,
  resumeJobGroup,
  cancelJobGroup,
  retryJobGroup,
  streamJobGroup,
  verifyJobGroup,
  addJobs,
  uploadDocuments,
  putDocument,
  getDocument,
  listJobGroupJobs,
  listJobErrors,
  exportResults,
  getJob,
  deleteJob,
  claimJobs,
  claimAnyJobs,
  heartbeat,
  completeJob,
  failJob,
  releaseJob,
  getMetrics,
  getCurrentApiKey,
  createApiKey,
  listApiKeys,
  revokeApiKey,
  listNotifications,
  redeliverNotification,
  createWebhook,
  listWebhooks,
  deleteWebhook,
  rotateWebhookSecret,
  pingWebhook,
  getReadiness,
] as const;

/** The operation of a method and a path, as hono writes paths. */
export const operationAt = (method: string, path: string): string | undefined =>
  names.get(`${method} ${path}`);

const names = new Map<string, string>(
  OPERATIONS.map(({ route }) => [
    `${route.method.toUpperCase()} ${route.getRoutingPath()}`,
    route.operationId,
  ]),
);

export function registerOperations(app: App) {
  describeWebhooks(app);
  return app.openapiRoutes(OPERATIONS);
}

/** The request and the answers of every operation, by path and method. */
export type Operations = ExtractSchema<ReturnType<typeof registerOperations>>;
