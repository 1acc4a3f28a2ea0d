import { createRoute } from "@hono/zod-openapi";
import * as store from "../../store/webhooks.ts";
import { audit } from "../../http/audit.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import { limitBody } from "../../http/input/limits.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { Done, json, envelope, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { WebhookParams } from "./schema.ts";
import { webhookNotFound } from "./not-found.ts";

const DONE = { message: "The webhook was deleted." };

const route = createRoute({
  operationId: "deleteWebhook",
  method: "delete",
  path: "/webhook/{webhookId}",
  tags: ["Webhooks"],
  summary: "Delete a webhook",
  description:
    "The URL is not called any more. Messages that are not delivered yet end `dead` when they " +
    "fall due. Deleting the webhook again gets a 404.",
  request: { params: WebhookParams, query: NoQuery },
  ...requires("groups:write", limitBody()),
  responses: {
    200: json(Done, "The webhook is gone.", envelope(DONE)),
    ...refusals("BODY_TOO_LARGE", "WEBHOOK_NOT_FOUND"),
  },
});

export const deleteWebhook = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { webhookId } = c.req.valid("param");
  const deleted = await store.deleteWebhook(session(c), workspace, webhookId);
  if (!deleted) throw webhookNotFound();
  audit(c, "deleteWebhook", { webhookId });
  return ok(c, DONE);
});
