import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { CLAIM_REASONS } from "../../domain/commands.ts";
import { ATTEMPT_OUTCOMES } from "../../domain/ended-attempt.ts";
import { GROUP_STATUSES, PRIORITIES } from "../../domain/group.ts";
import { DOCUMENT_TYPES, documentTypeOf, JOB_STATUSES, UNSPECIFIED } from "../../domain/job.ts";
import { count, dateTime, decimal, wholeNumber } from "../../http/shapes/fields.ts";
import { dataOf, success, envelope } from "../../http/shapes/envelope.ts";
import * as examples from "../examples.ts";
import { Counters } from "../groups/schema.ts";
import { jsonObject, jsonText } from "../../http/shapes/json-object.ts";
import { text } from "../../http/shapes/text.ts";
import { documentUrl } from "./document-url.ts";

const document = {
  documentName: text(LIMITS.documentName).openapi({ description: "Name of the document." }),
  documentUrl: documentUrl.optional(),
  documentType: z.enum(DOCUMENT_TYPES).optional().openapi({ description: "Type of the file." }),
};
const documentType = z
  .string()
  .transform(documentTypeOf)
  .pipe(z.enum(DOCUMENT_TYPES))
  .openapi({
    type: "string",
    enum: [...DOCUMENT_TYPES, "tif"],
    "x-any-case": true,
    description:
      "Type of the file, in upper or lower case. It is stored in lower case, `tif` as `tiff`.",
  });
export const jobId = z
  .string()
  .openapi({ description: "24 lower-case hex characters.", example: examples.JOB_ID });
const jobNumber = text(LIMITS.label).openapi({
  description: "Your own number, unique in the group.",
});
const metadata = jsonObject(LIMITS.metadataCharacters);

export const NewJob = z
  .strictObject({
    ...document,
    documentType: documentType.optional(),
    jobNumber: jobNumber.optional(),
    metadata: metadata.optional(),
  })
  .openapi("NewJob", { example: examples.NEW_JOB });

const pages = wholeNumber(LIMITS.pagesPerJob).openapi({ description: "Number of pages read." });
const cost = decimal()
  .min(LIMITS.cost.min)
  .max(LIMITS.cost.max)
  .openapi({ description: "Cost of this attempt, with at most six decimals." });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD.")
  .openapi({ description: "ISO 4217 code." });
const confidence = z
  .number()
  .min(0)
  .max(1)
  .openapi({ description: "Confidence of the reading, from 0 to 1." });
const attempt = z.int().min(1).openapi({ description: "Number of the attempt, from 1." });
const errorCode = z
  .string()
  .regex(new RegExp(`^[a-z0-9_.-]{1,${LIMITS.errorCode}}$`))
  .openapi({
    description:
      `1 to ${LIMITS.errorCode} of \`a-z\`, \`0-9\`, \`_\`, \`.\` and \`-\`. A time-out has the code ` +
      "`timeout`, an attempt that was deferred too often `deferred_too_often`.",
    example: examples.FAIL.errorCode,
  });
export const leaseId = text(LIMITS.label).openapi({
  description: "The `leaseId` from the answer of the claim.",
});

const retryAfterSeconds = wholeNumber(LIMITS.retryAfterSeconds);
const heartbeatSeconds = wholeNumber(LIMITS.heartbeatSeconds).openapi({
  description:
    "Longest silence of the processor. A lease ends so long after its last heartbeat, the claim being the " +
    "first, and after `timeoutMinutes` at the latest. Without it a lease needs no heartbeats.",
});

const summary = {
  jobId,
  jobNumber: jobNumber.optional(),
  ...document,
  metadata: metadata.optional(),
  status: z.enum(JOB_STATUSES).openapi({ description: "State of the job." }),
  attempts: count("Number of attempts begun. A released attempt does not count."),
  deferrals: z
    .int()
    .min(1)
    .optional()
    .openapi({ description: "Number of times that the job was released." }),
  workerId: z.string().optional().openapi({ description: "Processor that claimed the job last." }),
  error: z.string().optional().openapi({ description: "Reason why the last attempt failed." }),
  errorCode: errorCode.optional(),
  pages: pages.optional(),
  cost: z.number().min(0).optional().openapi({
    description: "Sum of the costs that were reported for the job's attempts.",
  }),
  currency: currency.optional(),
  confidence: confidence.optional(),
  processingTime: z
    .number()
    .min(0)
    .optional()
    .openapi({ description: "Seconds from claim to report." }),
  leaseExpiresAt: dateTime(
    "End of the current lease: without a report the attempt then times out. A heartbeat moves it.",
  ).optional(),
  retryAt: dateTime(
    "Time from which the job may be claimed again after a failed attempt or a deferral.",
  ).optional(),
  createdAt: dateTime("Time at which the job was added."),
  updatedAt: dateTime("Time of the job's last change."),
  completedAt: dateTime("Time at which the job finished.").optional(),
};

export const JobSummary = z
  .strictObject(summary)
  .openapi("JobSummary", { example: examples.JOB_SUMMARY });

const EndedAttempt = z
  .strictObject({
    attempt: attempt.openapi({
      description:
        "Number of the attempt, as its lease told it. After a release the next attempt has the same number.",
    }),
    workerId: z.string().openapi({ description: "Processor that held the lease." }),
    leasedAt: dateTime("Time of the claim."),
    endedAt: dateTime("Time of the report, of the time-out or of the cancellation."),
    outcome: z.enum(ATTEMPT_OUTCOMES).openapi({ description: "How the attempt ended." }),
    errorCode: errorCode.optional(),
    error: z
      .string()
      .optional()
      .openapi({ description: "Reason of the failure, or of the release." }),
    pages: pages.optional(),
    cost: z.number().min(0).optional().openapi({ description: "Cost of this attempt." }),
    currency: currency.optional(),
  })
  .openapi("EndedAttempt", { example: examples.ENDED_ATTEMPT });

export const Job = z
  .strictObject({
    ...summary,
    extractedData: jsonObject(LIMITS.extractedDataCharacters).optional(),
    history: z.array(EndedAttempt).optional(),
  })
  .openapi("Job", { example: examples.JOB });

export const AddedJobs = z
  .strictObject({
    added: count("Number of jobs added."),
    existing: count("Number of jobs whose `jobNumber` the group already had."),
    jobs: z.array(
      z.strictObject({
        jobId,
        jobNumber: jobNumber.optional(),
        status: z.enum(JOB_STATUSES).openapi({ description: "State of the job." }),
        documentName: z.string(),
      }),
    ),
  })
  .openapi("AddedJobs", { example: examples.ADDED_JOBS });

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
    metadata,
  })
  .openapi("Lease", { example: examples.LEASE });

const reported = {
  jobId,
  status: z.enum(JOB_STATUSES).openapi({ description: "State of the job." }),
  attempt: z.int().min(0).openapi({ description: "Number of attempts counted for the job." }),
  outcome: z.enum(["applied", "duplicate"]).openapi({
    description:
      "`duplicate`: this lease has reported the same outcome before, and nothing changed.",
  }),
  group: z.strictObject({ status: z.enum(GROUP_STATUSES), ...Counters }),
};

export const ReportResult = z
  .strictObject(reported)
  .openapi("ReportResult", { example: examples.REPORT });

const retryAt = dateTime(
  "With `backing_off`: the time from which the next job may be claimed. With `parallel_limit` of a single " +
    "group: the time at which the first of its leases ends at the latest.",
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

const CompleteResult = z
  .strictObject({ ...reported, next: NextLease.optional() })
  .openapi("CompleteResult", { example: examples.REPORT });

export const CompleteResponse = dataOf(CompleteResult);

export const ReportResponse = dataOf(ReportResult);

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

export const CompleteBody = z
  .strictObject({
    leaseId,
    pages: pages.optional(),
    cost: cost.optional(),
    currency: currency.optional(),
    extractedData: jsonText(LIMITS.extractedDataCharacters).optional(),
    confidence: confidence.optional(),
    claimNext: z.boolean().default(false).openapi({
      description:
        "Also lease the group's next job to the same processor. The answer shows it as `next`.",
    }),
  })
  .openapi("CompleteJob", { example: examples.COMPLETE });

export const FailBody = z
  .strictObject({
    leaseId,
    error: text(LIMITS.jobError).openapi({
      description: "Reason of the failure. The job shows it.",
    }),
    errorCode: errorCode.default(UNSPECIFIED),
    retryable: z.boolean().default(true).openapi({
      description: "`false` when another attempt cannot succeed; the job then fails for good.",
    }),
    retryAfterSeconds: retryAfterSeconds.optional().openapi({
      description: "Seconds to wait before a further attempt, in place of the back-off.",
    }),
    pages: pages.optional(),
    cost: cost.optional(),
    currency: currency.optional(),
  })
  .openapi("FailJob", { example: examples.FAIL });

export const ReleaseBody = z
  .strictObject({
    leaseId,
    retryAfterSeconds: retryAfterSeconds.default(0).openapi({
      description: "Seconds to wait before the job may be claimed again.",
    }),
    reason: text(LIMITS.label)
      .optional()
      .openapi({ description: "Reason of the release. The history of the job shows it." }),
  })
  .openapi("ReleaseJob", { example: examples.RELEASE });
