import { createRoute, type z } from "@hono/zod-openapi";
import { ID_LENGTH } from "../../domain/ids.ts";
import { randomHex } from "../../lib/hex.ts";
import { sendWebhook } from "../../notify/send-webhook.ts";
import { readWebhook } from "../../store/webhooks.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import { limitBody } from "../../http/input/limits.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { type PingEvent, PingResult, WebhookParams } from "./schema.ts";
import { webhookNotFound } from "./not-found.ts";

const route = createRoute({
  operationId: "pingWebhook",
  method: "post",
  path: "/webhook/{webhookId}/ping",
  tags: ["Webhooks"],
  summary: "Send a test event to a webhook",
  description:
    "Calls the URL once with a signed `ping` event, also when the webhook is disabled. The " +
    "answer says within 15 seconds whether the receiver took it. A failed ping is not " +
    "repeated.",
  request: { params: WebhookParams, query: NoQuery },
  ...requires("groups:write", limitBody()),
  responses: {
    200: json(dataOf(PingResult), "The outcome of the ping."),
    ...refusals("BODY_TOO_LARGE", "WEBHOOK_NOT_FOUND"),
  },
});

export const pingWebhook = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { webhookId } = c.req.valid("param");
  const webhook = await readWebhook(session(c), workspace, webhookId);
  if (webhook === undefined) throw webhookNotFound();
  const timestamp = new Date().toISOString();
  const event: z.output<typeof PingEvent> = { type: "ping", timestamp, data: { webhookId } };
  const message = { id: `ping.${randomHex(ID_LENGTH)}`, payload: JSON.stringify(event) };
  const attempt = await sendWebhook(c.env, webhook, message);
  const data =
    attempt.ended === "delivered" ? { delivered: true } : { delivered: false, error: attempt.why };
  return ok(c, { data });
});
