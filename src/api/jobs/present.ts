import type { z } from "@hono/zod-openapi";
import type { EndedAttempt } from "../../domain/ended-attempt.ts";
import { errorCodeOf } from "../../domain/history.ts";
import type { Job } from "../../domain/job.ts";
import { type Beats, leaseEnd } from "../../domain/lease.ts";
import { fromMicros } from "../../domain/money.ts";
import type { AddReply, ClaimReply, Lease as LeaseGranted } from "../../domain/replies.ts";
import type { AppContext } from "../../http/app-types.ts";
import { withoutEmpty, time, timeOrNull, parseObject } from "../../http/shapes/values.ts";
import { signedUrl } from "../documents/signed-url.ts";
import type { BeatenLease } from "./heartbeat-schema.ts";
import type { Lease, NextLease } from "./lease-schema.ts";
import type { AddedJobs, JobSummary } from "./schema.ts";

export function presentJob(job: Job, beats: Beats): z.output<typeof JobSummary> {
  return withoutEmpty({
    jobId: job.id,
    jobNumber: job.jobNumber,
    documentName: job.documentName,
    documentUrl: job.documentUrl,
    documentType: job.documentType,
    documentSize: job.documentSize,
    documentSha256: job.documentSha256,
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

export const presentAdded = (reply: AddReply): z.output<typeof AddedJobs> => ({
  ...reply,
  jobs: reply.jobs.map(({ jobNumber, ...job }) => ({
    ...job,
    ...(jobNumber === null ? {} : { jobNumber }),
  })),
});

export function presentAttempt({ costMicros, ...attempt }: EndedAttempt) {
  return withoutEmpty({
    ...attempt,
    leasedAt: time(attempt.leasedAt),
    endedAt: time(attempt.endedAt),
    cost: costMicros === null ? null : fromMicros(costMicros),
  });
}

/** A document that is stored here has a URL of its own for each request that shows the lease. */
export async function presentLease(
  c: AppContext,
  { stored, ...lease }: LeaseGranted,
): Promise<z.output<typeof Lease>> {
  const documentUrl = await signedUrl(c, { ...lease, ...(stored && { stored }) });
  return withoutEmpty({
    ...lease,
    documentUrl: documentUrl ?? lease.documentUrl,
    documentSize: stored?.size ?? null,
    documentSha256: stored?.sha256 ?? null,
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

export const presentClaim = async (c: AppContext, reply: ClaimReply) => ({
  data: await Promise.all(reply.leases.map((lease) => presentLease(c, lease))),
  ...presentWhy(reply),
});

export async function presentNext(
  c: AppContext,
  reply: ClaimReply,
): Promise<z.output<typeof NextLease>> {
  const [lease] = reply.leases;
  return { ...(lease && { lease: await presentLease(c, lease) }), ...presentWhy(reply) };
}
