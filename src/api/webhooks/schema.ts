import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { NOTICE_EVENTS } from "../../domain/notice.ts";
import { GROUP_STATUSES } from "../../domain/group.ts";
import { webhookUrlFault } from "../../domain/webhook-url.ts";
import { always } from "../../http/shapes/always.ts";
import { count, dateTime } from "../../http/shapes/fields.ts";
import * as examples from "../examples.ts";

export const WebhookParams = z.object({
  webhookId: z.string().openapi({
    param: { name: "webhookId", in: "path" },
    description: "The webhook's id: 24 lower-case hex characters.",
    example: examples.WEBHOOK_ID,
  }),
});

/** The part of the rules that a pattern can say; schemes have no case. */
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
        "https on its own port, with a public host name and no user. A server in development may also allow " +
        "`http://localhost`.",
      example: "https://example.com/hooks/invoices",
    }),
  events: z
    .array(z.enum(NOTICE_EVENTS))
    .min(1)
    .max(NOTICE_EVENTS.length)
    .openapi({ description: "What it is called for." })
    .default([...NOTICE_EVENTS]),
};

export const WebhookInput = z
  .strictObject(input)
  .openapi("WebhookInput", { example: examples.WEBHOOK_INPUT });

const webhook = {
  webhookId: z.string().openapi({ example: examples.WEBHOOK_ID }),
  ...always(input),
  createdAt: dateTime("When the webhook was created."),
  disabledAt: dateTime("When it answered 410; it is not called any more.").optional(),
};
const secret = z.string().openapi({
  description: "What its messages are signed with. Shown this once.",
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
    previousSecretUntil: dateTime("Until then messages are signed with both secrets."),
  })
  .openapi("RotatedWebhook", { example: examples.ROTATED_WEBHOOK });

export const PingResult = z
  .strictObject({
    delivered: z.boolean(),
    error: z.string().optional().openapi({ description: "Why it was not delivered." }),
  })
  .openapi("PingResult", { example: examples.PING_RESULT });

const timestamp = dateTime("When it happened, whenever it is delivered.");
const group = {
  groupId: z.string().openapi({ example: examples.GROUP_ID }),
  name: z.string(),
  batchNumber: z.string().optional(),
  run: z.int().min(1).openapi({ description: "1, and one more each time the group reopens." }),
  status: z.enum(GROUP_STATUSES),
  totalJobs: count("All jobs of the group."),
  completedJobs: count("Jobs read successfully."),
  pendingJobs: count("Jobs not finished."),
  processingJobs: count("Jobs leased to a processor; part of `pendingJobs`."),
  failedJobs: count("Jobs that failed for good."),
  cancelledJobs: count("Jobs cancelled before they finished."),
  totalPages: count("Pages of the completed documents."),
  totalCost: z.number().min(0),
  currency: z.string(),
  startedAt: dateTime("The first claim of this run.").optional(),
  completedAt: dateTime("When the group ended.").optional(),
};

export const GroupEvent = z
  .strictObject({
    type: z.enum(NOTICE_EVENTS).exclude(["job.failed"]),
    timestamp,
    data: z.strictObject(group),
  })
  .openapi("GroupEvent", { example: examples.GROUP_EVENTS["job_group.completed"] });

export const JobEvent = z
  .strictObject({
    type: z.literal("job.failed"),
    timestamp,
    data: z.strictObject({
      ...group,
      job: z.strictObject({
        jobId: z.string().openapi({ example: examples.JOB_ID }),
        jobNumber: z.string().optional(),
        documentName: z.string(),
        attempts: z.int().min(0),
        error: z.string(),
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
