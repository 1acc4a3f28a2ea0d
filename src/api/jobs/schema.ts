import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { CLAIM_REASONS } from "../../domain/commands.ts";
import { GROUP_STATUSES } from "../../domain/group.ts";
import { DOCUMENT_TYPES, documentTypeOf, JOB_STATUSES } from "../../domain/job.ts";
import { count, dateTime, wholeNumber } from "../../http/shapes/fields.ts";
import { dataOf, success, envelope } from "../../http/shapes/envelope.ts";
import * as examples from "../examples.ts";
import { Counters } from "../groups/schema.ts";
import { jsonObject, jsonText } from "../../http/shapes/json-object.ts";
import { text } from "../../http/shapes/text.ts";
import { documentUrl } from "./document-url.ts";

const document = {
  documentName: text(LIMITS.documentName).openapi({ description: "What the document is called." }),
  documentUrl: documentUrl.optional(),
  documentType: z.enum(DOCUMENT_TYPES).optional().openapi({ description: "The kind of file." }),
};
const documentType = z
  .string()
  .transform(documentTypeOf)
  .pipe(z.enum(DOCUMENT_TYPES))
  .openapi({
    type: "string",
    enum: [...DOCUMENT_TYPES, "tif"],
    "x-any-case": true,
    description: "The kind of file, in upper or lower case; stored in lower case, `tif` as `tiff`.",
  });
const jobId = z
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

const pages = wholeNumber(LIMITS.pagesPerJob).openapi({ description: "Pages read." });
const cost = z
  .number()
  .min(LIMITS.cost.min)
  .max(LIMITS.cost.max)
  .refine((value) => Number(value.toFixed(6)) === value, "must have at most six decimals.")
  .openapi({
    description: "What reading the document cost; at most six decimals.",
    // Not `multipleOf`: dividing doubles, validators refuse 0.000005 and three in ten of the valid costs.
    "x-max-decimals": 6,
  });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, "must be an ISO 4217 code such as USD.")
  .openapi({ description: "ISO 4217." });
const confidence = z.number().min(0).max(1).openapi({ description: "How sure the reading is." });
const leaseId = text(LIMITS.label).openapi({
  description: "The `leaseId` that the claim answered.",
});

const summary = {
  jobId,
  jobNumber: jobNumber.optional(),
  ...document,
  metadata: metadata.optional(),
  status: z.enum(JOB_STATUSES).openapi({ description: "Where the job stands." }),
  attempts: count("Attempts begun and not released."),
  workerId: z.string().optional().openapi({ description: "Who claimed it last." }),
  error: z.string().optional().openapi({ description: "Why the last attempt failed." }),
  pages: pages.optional(),
  cost: z.number().min(0).optional().openapi({ description: "What reading it cost." }),
  currency: currency.optional(),
  confidence: confidence.optional(),
  processingTime: z.number().min(0).optional().openapi({ description: "Seconds." }),
  leaseExpiresAt: dateTime("When the current attempt times out.").optional(),
  retryAt: dateTime("When a job that failed may be claimed again.").optional(),
  createdAt: dateTime("When the job was added."),
  updatedAt: dateTime("The job's last change."),
  completedAt: dateTime("When the job finished.").optional(),
};

export const JobSummary = z
  .strictObject(summary)
  .openapi("JobSummary", { example: examples.JOB_SUMMARY });

export const Job = z
  .strictObject({
    ...summary,
    extractedData: jsonObject(LIMITS.extractedDataCharacters).optional(),
  })
  .openapi("Job", { example: examples.JOB });

export const AddedJobs = z
  .strictObject({
    added: count("Jobs that are new."),
    existing: count("Jobs whose `jobNumber` was in the group already."),
    jobs: z.array(
      z.strictObject({
        jobId,
        jobNumber: jobNumber.optional(),
        status: z.enum(JOB_STATUSES).openapi({ description: "Where the job stands." }),
        documentName: z.string(),
      }),
    ),
  })
  .openapi("AddedJobs", { example: examples.ADDED_JOBS });

export const Lease = z
  .strictObject({
    jobId,
    groupId: z.string().openapi({ description: "The group of the job." }),
    leaseId: z.string().openapi({ description: "Proof of the lease; send it with the report." }),
    attempt: z.int().min(1).openapi({ description: "1 for the first." }),
    leaseExpiresAt: dateTime("Report before; later the attempt has failed."),
    leaseSeconds: z.number().min(0).openapi({
      description: "The length of the whole lease, for processors whose clock may be wrong.",
    }),
    template: z.string().openapi({ description: "The OCR template of the group." }),
    ...document,
    metadata,
  })
  .openapi("Lease", { example: examples.LEASE });

const reported = {
  jobId,
  status: z.enum(JOB_STATUSES).openapi({ description: "Where the job stands." }),
  attempt: z.int().min(0).openapi({ description: "Attempts counted for the job." }),
  outcome: z.enum(["applied", "duplicate"]).openapi({
    description: "`duplicate`: this lease had reported the same before; nothing moved.",
  }),
  group: z.strictObject({ status: z.enum(GROUP_STATUSES), ...Counters }),
};

export const ReportResult = z
  .strictObject(reported)
  .openapi("ReportResult", { example: examples.REPORT });

const retryAt = dateTime(
  "With `backing_off`: when the next job may be claimed. With `parallel_limit`, of a single group: when the " +
    "first of its leases ends at the latest.",
).optional();

export const ClaimResponse = z
  .strictObject({
    success,
    data: z.array(Lease),
    reason: z.enum(CLAIM_REASONS).optional().openapi({
      description: "Why nothing was leased; only when `data` is empty.",
    }),
    retryAt,
  })
  .openapi("ClaimResponse", { example: envelope({ data: [examples.LEASE] }) });

export const NextLease = z
  .strictObject({
    lease: Lease.optional(),
    reason: z.enum(CLAIM_REASONS).optional().openapi({ description: "Why there is no `lease`." }),
    retryAt,
  })
  .openapi("NextLease", {
    description:
      "Only after `claimNext`. A repeat answers the lease that was granted first, while it is held; with " +
      "none to answer it has no `next`: claim.",
  });

const CompleteResult = z
  .strictObject({ ...reported, next: NextLease.optional() })
  .openapi("CompleteResult", { example: examples.REPORT });

export const CompleteResponse = dataOf(CompleteResult);

export const ReportResponse = dataOf(ReportResult);

export const ClaimBody = z
  .strictObject({
    workerId: text(LIMITS.label).openapi({ description: "Who is claiming; shown on the job." }),
    maxJobs: wholeNumber(LIMITS.jobsPerClaim).openapi({ description: "Most leases wanted." }),
  })
  .openapi("ClaimJobs", { example: examples.CLAIM });

export const CompleteBody = z
  .strictObject({
    leaseId,
    pages: pages.optional(),
    cost: cost.optional(),
    currency: currency.optional(),
    extractedData: jsonText(LIMITS.extractedDataCharacters).optional(),
    confidence: confidence.optional(),
    claimNext: z.boolean().default(false).openapi({
      description: "Also lease the group's next job to the same worker; see `next` in the answer.",
    }),
  })
  .openapi("CompleteJob", { example: examples.COMPLETE });

export const FailBody = z
  .strictObject({
    leaseId,
    error: text(LIMITS.jobError).openapi({ description: "Why it failed; shown on the job." }),
    retryable: z
      .boolean()
      .default(true)
      .openapi({ description: "Whether another attempt may help." }),
  })
  .openapi("FailJob", { example: examples.FAIL });

export const ReleaseBody = z
  .strictObject({ leaseId })
  .openapi("ReleaseJob", { example: examples.RELEASE });
