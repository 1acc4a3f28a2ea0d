import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { CLAIM_REASONS } from "../../domain/replies.ts";
import { PRIORITIES } from "../../domain/group.ts";
import { dateTime, wholeNumber } from "../../http/shapes/fields.ts";
import { success, envelope } from "../../http/shapes/envelope.ts";
import * as examples from "../examples.ts";
import { text } from "../../http/shapes/text.ts";
import {
  attempt,
  document,
  heartbeatSeconds,
  jobId,
  jobNumber,
  metadata,
  stored,
} from "./fields.ts";

export const Lease = z
  .strictObject({
    jobId,
    groupId: z.string().openapi({ description: "Id of the job's group." }),
    leaseId: z.string().openapi({ description: "Proof of the lease. Send it with the report." }),
    attempt,
    leaseExpiresAt: dateTime(
      "End of the lease. An attempt that is not reported by then has failed.",
    ),
    leaseSeconds: z.number().min(0).openapi({
      description: "Length of the whole lease, for processors whose clock may be wrong.",
    }),
    heartbeatSeconds: heartbeatSeconds.optional(),
    template: z.string().openapi({ description: "OCR template of the group." }),
    groupName: z.string().openapi({ description: "Name of the group." }),
    priority: z.enum(PRIORITIES).openapi({ description: "Priority of the group." }),
    batchNumber: z.string().optional().openapi({ description: "The group's `batchNumber`." }),
    jobNumber: jobNumber.optional(),
    ...document,
    ...stored,
    metadata,
  })
  .openapi("Lease", { example: examples.LEASE });

const retryAt = dateTime(
  "With `backing_off`: the time from which the next job may be claimed. With `parallel_limit` of a single " +
    "group: the time at which the first of its leases ends at the latest, if no heartbeat moves it.",
).optional();

export const ClaimResponse = z
  .strictObject({
    success,
    data: z.array(Lease),
    reason: z.enum(CLAIM_REASONS).optional().openapi({
      description: "Reason why nothing was leased. Present only when `data` is empty.",
    }),
    retryAt,
  })
  .openapi("ClaimResponse", { example: envelope({ data: [examples.LEASE] }) });

export const NextLease = z
  .strictObject({
    lease: Lease.optional(),
    reason: z
      .enum(CLAIM_REASONS)
      .optional()
      .openapi({ description: "Reason why there is no `lease`." }),
    retryAt,
  })
  .openapi("NextLease", {
    description:
      "Present only after `claimNext`. A repeat shows the lease that was granted first while that is still " +
      "held. A repeat without `next` has no lease to show: claim again.",
  });

const claim = {
  workerId: text(LIMITS.label).openapi({
    description: "Name of the processor that claims. The job shows it.",
  }),
  maxJobs: wholeNumber(LIMITS.jobsPerClaim).openapi({
    description: "Largest number of leases to grant.",
  }),
  heartbeatSeconds: heartbeatSeconds.optional(),
  waitSeconds: wholeNumber(LIMITS.waitSeconds)
    .default(0)
    .openapi({
      description:
        "Seconds for which an empty answer is held back until a job can be claimed. Let your client wait for " +
        "some seconds longer.",
    }),
};

export const ClaimBody = z.strictObject(claim).openapi("ClaimJobs", { example: examples.CLAIM });

const oneOf = (length: number) => z.array(text(length)).min(1).max(LIMITS.claimFilter).optional();

export const ClaimAnyBody = z
  .strictObject({
    ...claim,
    templates: oneOf(LIMITS.label).openapi({
      description: "Claim only jobs of groups with one of these templates.",
    }),
    tags: oneOf(LIMITS.tag).openapi({
      description: "Claim only jobs of groups with one of these tags.",
    }),
  })
  .openapi("ClaimAnyJobs", { example: examples.CLAIM_ANY });
