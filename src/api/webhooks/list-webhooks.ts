import { createRoute, z } from "@hono/zod-openapi";
import * as store from "../../store/webhooks.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, session } from "../../http/headers/bookmark.ts";
import { presentWebhook } from "./present.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { count } from "../../http/shapes/fields.ts";
import { json, success, envelope, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { WEBHOOK } from "../examples.ts";
import { Webhook } from "./schema.ts";

const WebhookList = z
  .strictObject({
    success,
    data: z.array(Webhook),
    total: count("Number of webhooks of the workspace."),
  })
  .openapi("WebhookList", { example: envelope({ data: [WEBHOOK], total: 1 }) });

const route = createRoute({
  operationId: "listWebhooks",
  method: "get",
  path: "/webhook",
  tags: ["Webhooks"],
  summary: "List webhooks",
  description: "Lists all webhooks of the workspace, oldest first, without their secrets.",
  request: { query: NoQuery, headers: Bookmark },
  ...requires("groups:read"),
  responses: { 200: json(WebhookList, "The webhooks."), ...refusals() },
});

export const listWebhooks = operation(route, async (c) => {
  const webhooks = await store.listWebhooks(session(c), c.get("principal").workspace);
  const data = webhooks.map(presentWebhook);
  return ok(c, { data, total: data.length });
});
