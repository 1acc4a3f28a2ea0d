import type { z } from "@hono/zod-openapi";
import { estimateCompletion } from "../../domain/estimate.ts";
import { countersOf, type Group } from "../../domain/group.ts";
import { fromMicros } from "../../domain/money.ts";
import { deletesAt } from "../../domain/retention.ts";
import { outcomeOf } from "../../domain/outcome.ts";
import { withoutEmpty, time, timeOrNull, parseObject } from "../../http/shapes/values.ts";
import type { JobGroup } from "./schema.ts";

export function presentGroup(group: Group, now: number): z.output<typeof JobGroup> {
  const processed = group.completedJobs + group.failedJobs;
  return withoutEmpty({
    _id: group.id,
    name: group.name,
    description: group.description,
    batchNumber: group.batchNumber,
    template: group.template,
    priority: group.priority,
    status: group.status,
    ...countersOf(group),
    startedAt: timeOrNull(group.startedAt),
    completedAt: timeOrNull(group.completedAt),
    estimatedCompletionTime: timeOrNull(estimateCompletion(group, now)),
    retentionDays: group.retentionDays,
    deletesAt: timeOrNull(deletesAt(group)),
    pausedAt: timeOrNull(group.pausedAt),
    pauseReason: group.pauseReason,
    outcome: outcomeOf(group),
    processingSettings: withoutEmpty({
      parallelJobs: group.parallelJobs,
      retryCount: group.retryCount,
      timeoutMinutes: group.timeoutMinutes,
      maxFailureRate: group.maxFailureRate,
      maxCost: group.maxCostMicros === null ? null : fromMicros(group.maxCostMicros),
    }),
    statistics: {
      totalDocuments: processed,
      totalPages: group.totalPages,
      averageProcessingTime:
        group.completedJobs === 0 ? 0 : group.totalProcessingMs / 1000 / group.completedJobs,
      successRate: processed === 0 ? 0 : group.completedJobs / processed,
      totalCost: fromMicros(group.totalCostMicros),
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
    metadata: parseObject(group.metadata),
    createdAt: time(group.createdAt),
    updatedAt: time(group.updatedAt),
  });
}
