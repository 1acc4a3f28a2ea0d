import type { z } from "@hono/zod-openapi";
import type { Delivery } from "../../domain/delivery.ts";
import { withoutEmpty, time, timeOrNull } from "../../http/shapes/values.ts";
import type { Notification } from "./schema.ts";

export const presentNotification = (delivery: Delivery): z.output<typeof Notification> =>
  withoutEmpty({
    notificationId: delivery.id,
    event: delivery.event,
    run: delivery.run,
    recipient: delivery.channel === "email" ? delivery.destination : null,
    webhookId: delivery.channel === "webhook" ? delivery.destination : null,
    status: delivery.status,
    attempts: delivery.attempts,
    lastError: delivery.lastError,
    createdAt: time(delivery.createdAt),
    lastAttemptAt: timeOrNull(delivery.attemptedAt),
    nextAttemptAt: timeOrNull(delivery.dueAt),
    deliveredAt: timeOrNull(delivery.deliveredAt),
  });
