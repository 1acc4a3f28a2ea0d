import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { ATTEMPT_OUTCOMES } from "../../domain/ended-attempt.ts";
import { DOCUMENT_TYPES, documentTypeOf, JOB_STATUSES } from "../../domain/job.ts";
import { count, dateTime } from "../../http/shapes/fields.ts";
import * as examples from "../examples.ts";
import { jsonObject } from "../../http/shapes/json-object.ts";
import {
  document,
  groupId,
  stored,
  jobId,
  jobNumber,
  metadata,
  pages,
  currency,
  confidence,
  attempt,
  errorCode,
} from "./fields.ts";

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

export const NewJob = z
  .strictObject({
    ...document,
    documentType: documentType.optional(),
    jobNumber: jobNumber.optional(),
    metadata: metadata.optional(),
  })
  .openapi("NewJob", { example: examples.NEW_JOB });

const summary = {
  jobId,
  jobNumber: jobNumber.optional(),
  ...document,
  ...stored,
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

export const FoundJob = z
  .strictObject({ groupId, ...summary })
  .openapi("FoundJob", { example: examples.FOUND_JOB });

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
