import type { z } from "@hono/zod-openapi";
import type { Webhook as StoredWebhook, WebhookFilter } from "../../domain/webhook.ts";
import { withoutEmpty, time, timeOrNull } from "../../http/shapes/values.ts";
import type { Webhook } from "./schema.ts";

export const presentWebhook = (webhook: StoredWebhook): z.output<typeof Webhook> =>
  withoutEmpty({
    webhookId: webhook.id,
    url: webhook.url,
    events: [...webhook.events],
    filter: webhook.filter && filterOf(webhook.filter),
    createdAt: time(webhook.createdAt),
    disabledAt: timeOrNull(webhook.disabledAt),
  });

const filterOf = ({ groupId, template, tags }: WebhookFilter) =>
  withoutEmpty({ groupId, template, tags: tags && [...tags] });
