import { createRoute } from "@hono/zod-openapi";
import { newSecret } from "./secret.ts";
import { rotateSecret } from "../../store/webhooks.ts";
import { audit } from "../../http/audit.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import { limitBody } from "../../http/input/limits.ts";
import { presentWebhook } from "./present.ts";
import { time } from "../../http/shapes/values.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { RotatedWebhook, WebhookParams } from "./schema.ts";
import { webhookNotFound } from "./not-found.ts";

const BOTH_LIVE_MS = 24 * 60 * 60 * 1000;

const route = createRoute({
  operationId: "rotateWebhookSecret",
  method: "post",
  path: "/webhook/{webhookId}/rotate-secret",
  tags: ["Webhooks"],
  summary: "Replace a webhook's secret",
  description:
    "The answer shows the new secret, once. For 24 hours messages carry a signature by each " +
    "of the two secrets, so that receivers can change over. A secret that was replaced " +
    "earlier ends at once.",
  request: { params: WebhookParams, query: NoQuery },
  ...requires("groups:write", limitBody()),
  responses: {
    200: json(dataOf(RotatedWebhook), "The webhook and its new secret."),
    ...refusals("BODY_TOO_LARGE", "WEBHOOK_NOT_FOUND"),
  },
});

export const rotateWebhookSecret = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { webhookId } = c.req.valid("param");
  const [secret, previousUntil] = [newSecret(), Date.now() + BOTH_LIVE_MS];
  const live = { secret, previousUntil };
  const webhook = await rotateSecret(session(c), workspace, webhookId, live);
  if (webhook === undefined) throw webhookNotFound();
  audit(c, "rotateWebhookSecret", { webhookId });
  const previousSecretUntil = time(previousUntil);
  const data = { ...presentWebhook(webhook), secret, previousSecretUntil };
  return ok(c, { data });
});
