import type { z } from "@hono/zod-openapi";
import type { EndedAttempt } from "../../domain/ended-attempt.ts";
import { errorCodeOf } from "../../domain/history.ts";
import type { Job } from "../../domain/job.ts";
import { type Beats, leaseEnd } from "../../domain/lease.ts";
import { fromMicros } from "../../domain/money.ts";
import type { ClaimReply, Lease as LeaseGranted } from "../../domain/replies.ts";
import { withoutEmpty, time, timeOrNull, parseObject } from "../../http/shapes/values.ts";
import type { BeatenLease } from "./heartbeat-schema.ts";
import type { Lease, NextLease } from "./lease-schema.ts";
import type { JobSummary } from "./schema.ts";

export function presentJob(job: Job, beats: Beats): z.output<typeof JobSummary> {
  return withoutEmpty({
    jobId: job.id,
    jobNumber: job.jobNumber,
    documentName: job.documentName,
    documentUrl: job.documentUrl,
    documentType: job.documentType,
    metadata: job.metadata === null ? null : parseObject(job.metadata),
    status: job.status,
    attempts: job.attempts,
    deferrals: job.deferrals || null,
    workerId: job.workerId,
    error: job.error,
    errorCode: errorCodeOf(job),
    pages: job.pages,
    cost: job.costMicros === null ? null : fromMicros(job.costMicros),
    currency: job.currency,
    confidence: job.confidence,
    processingTime: job.processingMs === null ? null : job.processingMs / 1000,
    leaseExpiresAt: timeOrNull(leaseEnd(beats, job)),
    retryAt: job.availableAt ? time(job.availableAt) : null,
    createdAt: time(job.createdAt),
    updatedAt: time(job.updatedAt),
    completedAt: timeOrNull(job.completedAt),
  });
}

export function presentAttempt({ costMicros, ...attempt }: EndedAttempt) {
  return withoutEmpty({
    ...attempt,
    leasedAt: time(attempt.leasedAt),
    endedAt: time(attempt.endedAt),
    cost: costMicros === null ? null : fromMicros(costMicros),
  });
}

export function presentLease(lease: LeaseGranted): z.output<typeof Lease> {
  return withoutEmpty({
    ...lease,
    leaseExpiresAt: time(lease.leaseExpiresAt),
    metadata: parseObject(lease.metadata ?? "{}"),
  });
}

export const presentBeat = (
  { jobId, leaseId }: Pick<LeaseGranted, "jobId" | "leaseId">,
  leaseEnd: number | null,
): z.output<typeof BeatenLease> =>
  leaseEnd === null
    ? { jobId, leaseId, code: "LEASE_LOST", detail: LEASE_LOST }
    : { jobId, leaseId, leaseExpiresAt: time(leaseEnd) };

const LEASE_LOST = "The lease is not held any more, or never was. Stop the work and claim again.";

const presentWhy = ({ reason, retryAt }: ClaimReply) => ({
  ...(reason === null ? {} : { reason }),
  ...(retryAt === null ? {} : { retryAt: time(retryAt) }),
});

export const presentClaim = (reply: ClaimReply) => ({
  data: reply.leases.map(presentLease),
  ...presentWhy(reply),
});

export function presentNext(reply: ClaimReply): z.output<typeof NextLease> {
  const [lease] = reply.leases;
  return { ...(lease && { lease: presentLease(lease) }), ...presentWhy(reply) };
}
