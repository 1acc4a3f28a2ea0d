import { z } from "@hono/zod-openapi";
import { NOTICE_EVENTS } from "../../domain/notice.ts";
import type { App } from "../../http/app-types.ts";
import { body } from "../../http/shapes/envelope.ts";
import { COMPLETED_JOB_EVENT, GROUP_EVENTS, JOB_EVENT, PING_EVENT } from "../examples.ts";
import { CompletedJobEvent, GroupEvent, JobEvent, PingEvent } from "./schema.ts";

const headers = z.object({
  "webhook-id": z.string().openapi({
    description: "Id of the message. Every attempt to deliver it has the same id.",
  }),
  "webhook-timestamp": z
    .string()
    .openapi({ description: "Time of this attempt, in seconds since 1970." }),
  "webhook-signature": z.string().openapi({
    description:
      "Signatures of `id.timestamp.body`, one by each valid secret, as `v1,<base64>` separated by spaces.",
  }),
});

const SUMMARIES = {
  "job.completed": "A job is completed",
  "job.failed": "A job has failed for good",
  "job_group.completed": "A group has ended with at least one completed job",
  "job_group.failed": "A group has ended without a completed job",
  "job_group.cancelled": "A group was cancelled",
  "job_group.paused": "A group was paused, or has paused by itself",
  ping: "A test event was requested",
};

const VERIFY =
  "Verify the signature with a Standard Webhooks library before you trust the message.";
const REPEATED =
  "A message may arrive more than once: ignore a `webhook-id` that you have handled. " +
  "Messages may arrive in another order than the events.";
const ANSWERS = {
  "2XX": { description: "The message is delivered and not sent again." },
  410: { description: "The receiver wants no more messages: the webhook is disabled." },
  default: { description: "The message is not delivered and is sent again later." },
};
const PING_ANSWERS = {
  "2XX": { description: "The ping is delivered." },
  default: {
    description: "The ping is not delivered. pingWebhook answers so, and it is not sent again.",
  },
};

const SCHEMAS: Record<string, z.ZodType> = {
  "job.completed": CompletedJobEvent,
  "job.failed": JobEvent,
  ping: PingEvent,
};
const EXAMPLES = {
  ...GROUP_EVENTS,
  "job.completed": COMPLETED_JOB_EVENT,
  "job.failed": JOB_EVENT,
  ping: PING_EVENT,
};

/** Adds the webhook messages to the OpenAPI document. Nothing here serves them. */
export function describeWebhooks(app: App): void {
  for (const event of [...NOTICE_EVENTS, "ping"] as const) {
    const schema = SCHEMAS[event] ?? GroupEvent;
    const example = EXAMPLES[event];
    app.openAPIRegistry.registerWebhook({
      operationId: `on_${event}`.replaceAll(/[_.](\w)/g, (_, letter: string) =>
        letter.toUpperCase(),
      ),
      method: "post",
      path: event,
      tags: ["Webhooks"],
      summary: SUMMARIES[event],
      description: `${VERIFY} ${event === "ping" ? "It is sent once." : REPEATED}`,
      request: { headers, body: body(schema, example) },
      responses: event === "ping" ? PING_ANSWERS : ANSWERS,
    });
  }
}
