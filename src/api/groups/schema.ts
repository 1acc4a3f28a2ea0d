import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { GROUP_STATUSES, PRIORITIES } from "../../domain/group.ts";
import { always } from "../../http/shapes/always.ts";
import { count, dateTime, wholeNumber } from "../../http/shapes/fields.ts";
import { dataOf } from "../../http/shapes/envelope.ts";
import { GROUP, GROUP_ID, GROUP_INPUT } from "../examples.ts";
import { jsonObject } from "../../http/shapes/json-object.ts";
import { text } from "../../http/shapes/text.ts";

const settings = {
  parallelJobs: wholeNumber(LIMITS.parallelJobs)
    .openapi({
      description: "Most jobs in `processing` at once.",
    })
    .default(3),
  retryCount: wholeNumber(LIMITS.retryCount)
    .openapi({
      description: "Retries after the first attempt of a job.",
    })
    .default(2),
  timeoutMinutes: wholeNumber(LIMITS.timeoutMinutes)
    .openapi({
      description: "How long one attempt may take before it counts as failed.",
    })
    .default(30),
};

const notifications = {
  onCompletion: z
    .boolean()
    .openapi({
      description: "E-mail when the group ends, completed or failed; again when it is reopened.",
    })
    .default(false),
  onFailure: z
    .boolean()
    .openapi({
      description: "E-mail when the first job of a run of the group fails for good.",
    })
    .default(true),
  recipients: z
    .array(z.email().max(LIMITS.emailAddress))
    .max(LIMITS.recipients)
    .openapi({
      description:
        "Each gets an e-mail of their own. Addresses that differ only in the case of the domain are one.",
    })
    .default([]),
};

const describing = {
  name: text(LIMITS.label).openapi({ description: "What people call the group." }),
  description: text(LIMITS.description, 0).optional().openapi({ description: "For people." }),
  batchNumber: text(LIMITS.label)
    .optional()
    .openapi({ description: "Your own number of the batch." }),
  template: text(LIMITS.label).openapi({
    description: "The OCR template's id; opaque to this API.",
  }),
  priority: z
    .enum(PRIORITIES)
    .openapi({ description: "Which groups claimAnyJobs serves first." })
    .default("medium"),
  createdBy: text(LIMITS.label)
    .optional()
    .openapi({ description: "Who made the group; yours to fill." }),
  assignedTo: text(LIMITS.label).optional().openapi({ description: "Who looks after the group." }),
  tags: z
    .array(text(LIMITS.tag))
    .max(LIMITS.tags)
    .openapi({ description: "Labels to filter and search by." })
    .default([]),
  metadata: jsonObject(LIMITS.metadataCharacters).default({}),
};

export const Counters = {
  totalJobs: count("All jobs of the group."),
  pendingJobs: count("Jobs not finished: queued, leased or waiting for a retry."),
  processingJobs: count("Jobs leased to a processor now; part of `pendingJobs`."),
  completedJobs: count("Jobs read successfully."),
  failedJobs: count("Jobs that failed for good: jobs, not attempts."),
  cancelledJobs: count("Jobs cancelled before they finished."),
};

const owned = {
  _id: z.string().openapi({ description: "24 lower-case hex characters.", example: GROUP_ID }),
  status: z.enum(GROUP_STATUSES).openapi({ description: "Follows from what happens to the jobs." }),
  ...Counters,
  statistics: z.strictObject({
    totalDocuments: count("Documents processed: completed and failed."),
    totalPages: count("Pages of the completed documents."),
    averageProcessingTime: z.number().min(0).openapi({
      description: "Seconds from claim to report, mean over the successful attempts; 0 before any.",
    }),
    successRate: z
      .number()
      .min(0)
      .max(1)
      .openapi({ description: "Completed of those processed; 0 before any." }),
    totalCost: z.number().min(0).openapi({ description: "Exact sum of all reported costs." }),
    currency: z.string().openapi({ description: "ISO 4217; `USD` until a cost fixes another." }),
  }),
  startedAt: dateTime("The first claim.").optional(),
  completedAt: dateTime("When the last job finished.").optional(),
  estimatedCompletionTime: dateTime(
    "From the rate at which jobs finish, at the time of reading; a year ahead at most. A group that has " +
      "completed or failed keeps the last estimate that its jobs gave.",
  ).optional(),
  createdAt: dateTime("When the group was created."),
  updatedAt: dateTime("The last change of the group or of one of its jobs."),
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
    z.unknown().optional().openapi({ readOnly: true, description: "Read-only: ignored." }),
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
