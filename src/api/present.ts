import type { z } from "@hono/zod-openapi";
import type { ApiKey } from "../domain/api-key.ts";
import type { ClaimReply, Lease as LeaseGranted } from "../domain/commands.ts";
import { estimateCompletion } from "../domain/estimate.ts";
import { countersOf, type Group } from "../domain/group.ts";
import type { Job } from "../domain/job.ts";
import type * as keys from "./api-keys/schema.ts";
import type { Delivery } from "../store/write/deliveries.ts";
import type { Webhook as StoredWebhook } from "../store/webhooks.ts";
import type * as jobs from "./jobs/schema.ts";
import type { JobGroup } from "./groups/schema.ts";
import type { Notification } from "./notifications/schema.ts";
import type { Webhook } from "./webhooks/schema.ts";

const MICROS = 1_000_000;
export const time = (ms: number): string => new Date(ms).toISOString();

/** Leaves out what has no value: the contract's types are not nullable. */
function present<T extends object>(fields: T) {
  const shown: Record<string, unknown> = {};
  for (const key in fields) {
    const value = fields[key];
    if (value !== null && value !== undefined) shown[key] = value;
  }
  return shown as { [K in keyof T as null extends T[K] ? never : K]: T[K] } & {
    [K in keyof T as null extends T[K] ? K : never]?: NonNullable<T[K]>;
  };
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : time(ms));

export function presentGroup(group: Group, now: number): z.output<typeof JobGroup> {
  const processed = group.completedJobs + group.failedJobs;
  return present({
    _id: group.id,
    name: group.name,
    description: group.description,
    batchNumber: group.batchNumber,
    template: group.template,
    priority: group.priority,
    status: group.status,
    ...countersOf(group),
    startedAt: timeOf(group.startedAt),
    completedAt: timeOf(group.completedAt),
    estimatedCompletionTime: timeOf(estimate(group, now)),
    processingSettings: {
      parallelJobs: group.parallelJobs,
      retryCount: group.retryCount,
      timeoutMinutes: group.timeoutMinutes,
    },
    statistics: {
      totalDocuments: processed,
      totalPages: group.totalPages,
      averageProcessingTime:
        group.completedJobs === 0 ? 0 : group.totalProcessingMs / 1000 / group.completedJobs,
      successRate: processed === 0 ? 0 : group.completedJobs / processed,
      totalCost: group.totalCostMicros / MICROS,
      currency: group.currency ?? "USD",
    },
    notifications: {
      onCompletion: group.onCompletion,
      onFailure: group.onFailure,
      recipients: group.recipients,
    },
    createdBy: group.createdBy,
    assignedTo: group.assignedTo,
    tags: group.tags,
    metadata: parse(group.metadata),
    createdAt: time(group.createdAt),
    updatedAt: time(group.updatedAt),
  });
}

/** As last computed; a group that stalled past its estimate gets a new one rather than a past one. */
const estimate = (group: Group, now: number): number | null =>
  group.status === "processing" &&
  group.estimatedCompletionAt !== null &&
  group.estimatedCompletionAt < now
    ? estimateCompletion(group, now)
    : group.estimatedCompletionAt;

export function presentJob(job: Job): z.output<typeof jobs.JobSummary> {
  return present({
    jobId: job.id,
    jobNumber: job.jobNumber,
    documentName: job.documentName,
    documentUrl: job.documentUrl,
    documentType: job.documentType,
    metadata: job.metadata === null ? null : parse(job.metadata),
    status: job.status,
    attempts: job.attempts,
    workerId: job.workerId,
    error: job.error,
    pages: job.pages,
    cost: job.costMicros === null ? null : job.costMicros / MICROS,
    currency: job.currency,
    confidence: job.confidence,
    processingTime: job.processingMs === null ? null : job.processingMs / 1000,
    leaseExpiresAt: timeOf(job.leaseExpiresAt),
    retryAt: job.availableAt ? time(job.availableAt) : null,
    createdAt: time(job.createdAt),
    updatedAt: time(job.updatedAt),
    completedAt: timeOf(job.completedAt),
  });
}

export const presentApiKey = ({
  id,
  workspace,
  name,
  scopes,
  ...times
}: ApiKey): z.output<typeof keys.ApiKey> =>
  present({
    id,
    workspace,
    name,
    scopes: [...scopes],
    createdAt: time(times.createdAt),
    expiresAt: timeOf(times.expiresAt),
    revokedAt: timeOf(times.revokedAt),
    lastUsedAt: timeOf(times.lastUsedAt),
  });

export const parse = (json: string) => JSON.parse(json) as Record<string, unknown>;

export function presentLease(lease: LeaseGranted): z.output<typeof jobs.Lease> {
  return present({
    ...lease,
    leaseExpiresAt: time(lease.leaseExpiresAt),
    metadata: parse(lease.metadata ?? "{}"),
  });
}

const presentWhy = ({ reason, retryAt }: ClaimReply) => ({
  ...(reason === null ? {} : { reason }),
  ...(retryAt === null ? {} : { retryAt: time(retryAt) }),
});

export const presentClaim = (reply: ClaimReply) => ({
  success: true as const,
  data: reply.leases.map(presentLease),
  ...presentWhy(reply),
});

export function presentNext(reply: ClaimReply): z.output<typeof jobs.NextLease> {
  const [lease] = reply.leases;
  return { ...(lease && { lease: presentLease(lease) }), ...presentWhy(reply) };
}

export const presentNotification = (delivery: Delivery): z.output<typeof Notification> =>
  present({
    notificationId: delivery.id,
    event: delivery.event,
    run: delivery.run,
    recipient: delivery.channel === "email" ? delivery.destination : null,
    webhookId: delivery.channel === "webhook" ? delivery.destination : null,
    status: delivery.status,
    attempts: delivery.attempts,
    lastError: delivery.lastError,
    createdAt: time(delivery.createdAt),
    lastAttemptAt: timeOf(delivery.attemptedAt),
    nextAttemptAt: timeOf(delivery.dueAt),
    deliveredAt: timeOf(delivery.deliveredAt),
  });

export const presentWebhook = (webhook: StoredWebhook): z.output<typeof Webhook> =>
  present({
    webhookId: webhook.id,
    url: webhook.url,
    events: webhook.events,
    createdAt: time(webhook.createdAt),
    disabledAt: timeOf(webhook.disabledAt),
  });
