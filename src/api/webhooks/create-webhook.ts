import { createRoute, type z } from "@hono/zod-openapi";
import type { WebhookFilter } from "../../domain/webhook.ts";
import { ID_LENGTH } from "../../domain/ids.ts";
import { randomHex } from "../../lib/hex.ts";
import { newSecret } from "./secret.ts";
import { configOf, DEFAULT_MAX_WEBHOOKS } from "../../config.ts";
import { isLocalhost } from "../../domain/webhook-url.ts";
import { insertWebhook } from "../../store/webhooks.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import { invalid } from "../../http/problems/errors.ts";
import { maxBody } from "../../http/input/limits.ts";
import { presentWebhook } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { body, dataOf, json, created } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { NewWebhook, WebhookInput } from "./schema.ts";

const route = createRoute({
  operationId: "createWebhook",
  method: "post",
  path: "/webhook",
  tags: ["Webhooks"],
  summary: "Create a webhook",
  description:
    "From now on the URL is called for the events of every group of the workspace that its `filter` lets through. The answer " +
    "shows the secret that verifies the messages, once. Refused are a URL that is not https, " +
    "one with a port or a user, one that names an IP address or a local host, and more than " +
    `${DEFAULT_MAX_WEBHOOKS} webhooks in a workspace, unless the deployment sets another number.`,
  request: { query: NoQuery, body: body(WebhookInput) },
  ...requires("groups:write", maxBody()),
  responses: {
    201: json(dataOf(NewWebhook), "The new webhook and its secret."),
    ...refusals(...BODY_PROBLEMS, "WEBHOOK_LIMIT"),
  },
});

export const createWebhook = operation(route, async (c) => {
  const { url, events, filter } = c.req.valid("json");
  if (isLocalhost(url) && !configOf(c.env).webhooksToLocalhost) {
    throw invalid([{ pointer: "/url", detail: "must be an https:// URL." }]);
  }
  const webhook = {
    id: randomHex(ID_LENGTH),
    workspace: c.get("principal").workspace,
    url,
    events: [...new Set(events)],
    filter: filter === undefined ? null : filterOf(filter),
    secret: newSecret(),
    previousSecret: null,
    previousSecretUntil: null,
    createdAt: Date.now(),
    disabledAt: null,
  };
  const { webhooks } = configOf(c.env).quotas;
  if (!(await insertWebhook(session(c), webhook, webhooks))) {
    const detail = `A workspace has at most ${webhooks} webhooks.`;
    throw new ProblemError("WEBHOOK_LIMIT", detail);
  }
  const data = { ...presentWebhook(webhook), secret: webhook.secret };
  return created(c, { data });
});

type Filter = NonNullable<z.output<typeof WebhookInput>["filter"]>;

const filterOf = ({ groupId, template, tags }: Filter): WebhookFilter => ({
  groupId: groupId ?? null,
  template: template ?? null,
  tags: tags ?? null,
});
