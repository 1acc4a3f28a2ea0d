import { z } from "@hono/zod-openapi";
import { NOTICE_EVENTS } from "../../domain/notice.ts";
import type { App } from "../../http/app-types.ts";
import { body } from "../../http/shapes/envelope.ts";
import { GROUP_EVENTS, JOB_EVENT, PING_EVENT } from "../examples.ts";
import { GroupEvent, JobEvent, PingEvent } from "./schema.ts";

const headers = z.object({
  "webhook-id": z.string().openapi({
    description: "Names the message: the same for each attempt to deliver it.",
  }),
  "webhook-timestamp": z.string().openapi({ description: "Seconds since 1970, of this attempt." }),
  "webhook-signature": z.string().openapi({
    description:
      "Signatures of `id.timestamp.body` by each live secret, separated by a space: `v1,<base64>`.",
  }),
});

const SUMMARIES = {
  "job.failed": "A job has failed for good",
  "job_group.completed": "A group has ended with at least one completed job",
  "job_group.failed": "A group has ended without a completed job",
  "job_group.cancelled": "A group was cancelled",
  ping: "A test event was asked for",
};

const VERIFY =
  "Verify the signature with a Standard Webhooks library before you trust the message.";
const REPEATED =
  "Told at least once: drop a `webhook-id` you have handled. The order is not that of the events.";
const ANSWERS = {
  "2XX": { description: "Taken: it is not sent again." },
  410: { description: "Not wanted any more: the webhook is disabled." },
  default: { description: "Not taken: it is sent again later." },
};
const PING_ANSWERS = {
  "2XX": { description: "Taken." },
  default: { description: "Not taken: pingWebhook answers so, and nothing else comes of it." },
};

/** Adds the webhook messages to the OpenAPI document. Nothing here serves them. */
export function describeWebhooks(app: App): void {
  for (const event of [...NOTICE_EVENTS, "ping"] as const) {
    const schema = { "job.failed": JobEvent, ping: PingEvent }[event as string] ?? GroupEvent;
    const example = { ...GROUP_EVENTS, "job.failed": JOB_EVENT, ping: PING_EVENT }[event];
    app.openAPIRegistry.registerWebhook({
      operationId: `on_${event}`.replaceAll(/[_.](\w)/g, (_, letter: string) =>
        letter.toUpperCase(),
      ),
      method: "post",
      path: event,
      tags: ["Webhooks"],
      summary: SUMMARIES[event],
      description: `${VERIFY} ${event === "ping" ? "Sent once." : REPEATED}`,
      request: { headers, body: body(schema, example) },
      responses: event === "ping" ? PING_ANSWERS : ANSWERS,
    });
  }
}
