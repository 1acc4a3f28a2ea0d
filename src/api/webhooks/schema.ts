import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { NOTICE_EVENTS, USUAL_EVENTS } from "../../domain/notice.ts";
import { GROUP_STATUSES } from "../../domain/group.ts";
import { OUTCOMES } from "../../domain/outcome.ts";
import { webhookUrlFault } from "../../domain/webhook-url.ts";
import { always } from "../../http/shapes/always.ts";
import { count, dateTime } from "../../http/shapes/fields.ts";
import { text } from "../../http/shapes/text.ts";
import * as examples from "../examples.ts";

export const WebhookParams = z.object({
  webhookId: z.string().openapi({
    param: { name: "webhookId", in: "path" },
    description: "The webhook's id: 24 lower-case hex characters.",
    example: examples.WEBHOOK_ID,
  }),
});

/** Looser than `webhookUrlFault`, because a pattern cannot tell public hosts. Schemes may be in capitals. */
const WEBHOOK_URL = String.raw`^(?:[Hh][Tt][Tt][Pp][Ss]://|http://localhost(?:[:/?#]|$))`;

const input = {
  url: z
    .string()
    .superRefine((url, context) => {
      const fault = webhookUrlFault(url);
      if (fault !== null) context.addIssue(fault);
    })
    .openapi({
      format: "uri",
      maxLength: LIMITS.url,
      pattern: WEBHOOK_URL,
      description:
        "An https URL with a public host name, without a port and without a user. A server in development " +
        "may also allow `http://localhost`.",
      example: "https://example.com/hooks/invoices",
    }),
  events: z
    .array(z.enum(NOTICE_EVENTS))
    .min(1)
    .max(NOTICE_EVENTS.length)
    .openapi({
      description:
        "The events that the URL is called for. Without the field all but `job.completed` and `job_group.paused`.",
    })
    .default(USUAL_EVENTS),
  filter: z
    .strictObject({
      groupId: text(LIMITS.label).optional().openapi({ description: "Only this group." }),
      template: text(LIMITS.label)
        .optional()
        .openapi({ description: "Only groups with this template." }),
      tags: z
        .array(text(LIMITS.tag))
        .min(1)
        .max(LIMITS.claimFilter)
        .optional()
        .openapi({ description: "Only groups with one of these tags." }),
    })
    .optional()
    .openapi({
      description:
        "The groups whose events the URL is called for: those that meet every condition at the event. Absent: all.",
    }),
};

export const WebhookInput = z
  .strictObject(input)
  .openapi("WebhookInput", { example: examples.WEBHOOK_INPUT });

const webhook = {
  webhookId: z.string().openapi({ example: examples.WEBHOOK_ID }),
  ...always(input),
  createdAt: dateTime("Time at which the webhook was created."),
  disabledAt: dateTime(
    "Time at which the receiver answered 410. The URL is not called any more.",
  ).optional(),
};
const secret = z.string().openapi({
  description: "Secret that signs the messages. It is shown here and never again.",
  example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
});

export const Webhook = z.strictObject(webhook).openapi("Webhook", { example: examples.WEBHOOK });

export const NewWebhook = z
  .strictObject({ ...webhook, secret })
  .openapi("NewWebhook", { example: examples.NEW_WEBHOOK });

export const RotatedWebhook = z
  .strictObject({
    ...webhook,
    secret,
    previousSecretUntil: dateTime("Messages are signed with both secrets until this time."),
  })
  .openapi("RotatedWebhook", { example: examples.ROTATED_WEBHOOK });

export const PingResult = z
  .strictObject({
    delivered: z.boolean(),
    error: z.string().optional().openapi({ description: "Reason why it was not delivered." }),
  })
  .openapi("PingResult", { example: examples.PING_RESULT });

const timestamp = dateTime("Time of the event, not of the delivery.");
const group = {
  groupId: z.string().openapi({ example: examples.GROUP_ID }),
  name: z.string(),
  batchNumber: z.string().optional(),
  run: z
    .int()
    .min(1)
    .openapi({ description: "Run of the group: 1, and one more each time the group reopens." }),
  status: z.enum(GROUP_STATUSES),
  outcome: z
    .enum(OUTCOMES)
    .optional()
    .openapi({ description: "Result of a group that has ended." }),
  totalJobs: count("Number of jobs in the group."),
  completedJobs: count("Number of jobs read successfully."),
  pendingJobs: count("Number of unfinished jobs."),
  processingJobs: count("Number of jobs that a processor holds now. `pendingJobs` includes them."),
  failedJobs: count("Number of jobs that failed for good."),
  cancelledJobs: count("Number of jobs cancelled before they finished."),
  totalPages: count("Number of pages of the completed documents."),
  totalCost: z.number().min(0),
  currency: z.string(),
  startedAt: dateTime("Time of the first claim of this run.").optional(),
  completedAt: dateTime("Time at which the group ended.").optional(),
  pausedAt: dateTime("Time at which the group was paused.").optional(),
  pauseReason: z.string().optional(),
};

export const GroupEvent = z
  .strictObject({
    type: z.enum(NOTICE_EVENTS).exclude(["job.completed", "job.failed"]),
    timestamp,
    data: z.strictObject(group),
  })
  .openapi("GroupEvent", { example: examples.GROUP_EVENTS["job_group.completed"] });

const job = {
  jobId: z.string().openapi({ example: examples.JOB_ID }),
  jobNumber: z.string().optional(),
  documentName: z.string(),
  attempts: z.int().min(0),
};

export const CompletedJobEvent = z
  .strictObject({
    type: z.literal("job.completed"),
    timestamp,
    data: z.strictObject({
      ...group,
      job: z.strictObject({
        ...job,
        pages: count("Number of pages of the document.").optional(),
        cost: z.number().min(0).optional().openapi({
          description: "Cost of all attempts at the job, in the group's currency.",
        }),
        confidence: z.number().min(0).max(1).optional(),
        processingTime: z.number().min(0).openapi({
          description: "Seconds from the claim to the report.",
        }),
      }),
    }),
  })
  .openapi("CompletedJobEvent", { example: examples.COMPLETED_JOB_EVENT });

export const JobEvent = z
  .strictObject({
    type: z.literal("job.failed"),
    timestamp,
    data: z.strictObject({
      ...group,
      job: z.strictObject({
        ...job,
        error: z.string(),
        errorCode: z.string().optional(),
      }),
    }),
  })
  .openapi("JobEvent", { example: examples.JOB_EVENT });

export const PingEvent = z
  .strictObject({
    type: z.literal("ping"),
    timestamp,
    data: z.strictObject({ webhookId: z.string() }),
  })
  .openapi("PingEvent", { example: examples.PING_EVENT });
