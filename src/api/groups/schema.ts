import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { GROUP_STATUSES, PRIORITIES } from "../../domain/group.ts";
import { OUTCOMES } from "../../domain/outcome.ts";
import { always } from "../../http/shapes/always.ts";
import { count, dateTime, decimal, wholeNumber } from "../../http/shapes/fields.ts";
import { dataOf } from "../../http/shapes/envelope.ts";
import { GROUP, GROUP_ID, GROUP_INPUT } from "../examples.ts";
import { jsonObject } from "../../http/shapes/json-object.ts";
import { text } from "../../http/shapes/text.ts";

const settings = {
  parallelJobs: wholeNumber(LIMITS.parallelJobs)
    .openapi({
      description: "Most jobs that are in `processing` at once.",
    })
    .default(3),
  retryCount: wholeNumber(LIMITS.retryCount)
    .openapi({
      description: "Number of retries after the first attempt of a job.",
    })
    .default(2),
  timeoutMinutes: wholeNumber(LIMITS.timeoutMinutes)
    .openapi({
      description: "Minutes that one attempt may take before it counts as failed.",
    })
    .default(30),
  maxFailureRate: z
    .number()
    .gt(LIMITS.maxFailureRate.above)
    .max(LIMITS.maxFailureRate.max)
    .optional()
    .openapi({
      description:
        "Pause the group when more than this share of the last 50 finished jobs failed for good. At least 20 " +
        "jobs must have finished since the run began or was resumed. Absent: never.",
    }),
  maxCost: decimal()
    .gt(LIMITS.maxCost.above)
    .max(LIMITS.maxCost.max)
    .optional()
    .openapi({
      description:
        "Pause the group when `totalCost` reaches this amount. It happens once: after a resume only another " +
        "amount pauses the group again. Absent: never.",
    }),
};

const notifications = {
  onCompletion: z
    .boolean()
    .openapi({
      description:
        "Send an e-mail when the group ends, completed or failed. A reopened group sends one again.",
    })
    .default(false),
  onFailure: z
    .boolean()
    .openapi({
      description:
        "Send an e-mail when the first job of a run of the group fails for good, and when the group pauses by itself.",
    })
    .default(true),
  recipients: z
    .array(z.email().max(LIMITS.emailAddress))
    .max(LIMITS.recipients)
    .openapi({
      description:
        "Each recipient gets a separate e-mail. Addresses that differ only in the case of the domain count as one.",
    })
    .default([]),
};

const describing = {
  name: text(LIMITS.label).openapi({ description: "Name of the group, for people." }),
  description: text(LIMITS.description, 0)
    .optional()
    .openapi({ description: "Description of the group, for people." }),
  batchNumber: text(LIMITS.label)
    .optional()
    .openapi({ description: "Your own number for the batch." }),
  template: text(LIMITS.label).openapi({
    description: "Id of the OCR template. This API does not interpret it.",
  }),
  priority: z
    .enum(PRIORITIES)
    .openapi({ description: "claimAnyJobs serves groups of a higher priority first." })
    .default("medium"),
  createdBy: text(LIMITS.label)
    .optional()
    .openapi({ description: "The person who created the group. The API does not fill it." }),
  assignedTo: text(LIMITS.label)
    .optional()
    .openapi({ description: "The person responsible for the group." }),
  tags: z
    .array(text(LIMITS.tag))
    .max(LIMITS.tags)
    .openapi({ description: "Labels to filter and search by." })
    .default([]),
  metadata: jsonObject(LIMITS.metadataCharacters).default({}),
  retentionDays: wholeNumber(LIMITS.retentionDays)
    .optional()
    .openapi({
      description:
        "Days after its end for which the group is kept. Then it is deleted with its jobs, for good. Absent: the " +
        "server's default, which is for ever unless it is configured. A group that is reopened is kept.",
    }),
};

export const Counters = {
  totalJobs: count("Number of jobs in the group."),
  pendingJobs: count("Number of unfinished jobs: queued, leased or waiting for a retry."),
  processingJobs: count("Number of jobs that a processor holds now. `pendingJobs` includes them."),
  completedJobs: count("Number of jobs read successfully."),
  failedJobs: count(
    "Number of jobs that failed for good. A failed attempt that is retried does not count.",
  ),
  cancelledJobs: count("Number of jobs cancelled before they finished."),
};

const owned = {
  _id: z.string().openapi({ description: "24 lower-case hex characters.", example: GROUP_ID }),
  status: z
    .enum(GROUP_STATUSES)
    .openapi({ description: "The status follows from the states of the jobs." }),
  ...Counters,
  statistics: z.strictObject({
    totalDocuments: count("Number of documents processed, completed or failed."),
    totalPages: count("Number of pages of the completed documents."),
    averageProcessingTime: z.number().min(0).openapi({
      description:
        "Mean seconds from claim to report over the successful attempts. 0 before the first.",
    }),
    successRate: z.number().min(0).max(1).openapi({
      description: "Share of the processed documents that completed. 0 before the first.",
    }),
    totalCost: z.number().min(0).openapi({ description: "Exact sum of all reported costs." }),
    currency: z
      .string()
      .openapi({ description: "ISO 4217 code. It is `USD` until the first cost fixes another." }),
  }),
  outcome: z.enum(OUTCOMES).optional().openapi({
    description:
      "Result of a group that has ended. `succeeded`: all jobs completed. `partial`: some did. `failed`: none did.",
  }),
  startedAt: dateTime("Time of the first claim ever: a reopened group keeps it.").optional(),
  completedAt: dateTime("Time at which the last job finished.").optional(),
  estimatedCompletionTime: dateTime(
    "Estimate from the rate at which jobs finish, made when the group is read, at most a year ahead. A " +
      "completed or failed group keeps its last estimate.",
  ).optional(),
  deletesAt: dateTime("Time from which the group is deleted by itself.").optional(),
  pausedAt: dateTime("Time from which no job of the group is leased.").optional(),
  pauseReason: z.string().optional().openapi({
    description:
      "Reason given with the pause. `failure_rate` or `max_cost` when the group paused by itself.",
  }),
  createdAt: dateTime("Time at which the group was created."),
  updatedAt: dateTime("Time of the last change of the group or of one of its jobs."),
};

export const JobGroup = z
  .strictObject({
    ...always(describing),
    ...owned,
    processingSettings: z.strictObject(always(settings)),
    notifications: z.strictObject(always(notifications)),
  })
  .openapi("JobGroup", { example: GROUP });

/** Fields the server owns are ignored in a body, so that a client can edit the answer of GET and send it back. */
const ignored = Object.fromEntries(
  Object.keys(owned).map((key) => [
    key,
    z
      .unknown()
      .optional()
      .openapi({ readOnly: true, description: "Read-only. It is ignored in a request." }),
  ]),
) as Record<keyof typeof owned, z.ZodOptional<z.ZodUnknown>>;

export const JobGroupInput = z
  .strictObject({
    ...describing,
    processingSettings: z.strictObject(settings).prefault({}),
    notifications: z.strictObject(notifications).prefault({}),
    ...ignored,
  })
  .openapi("JobGroupInput", { example: GROUP_INPUT });

export const JobGroupResponse = dataOf(JobGroup).openapi("JobGroupResponse");
