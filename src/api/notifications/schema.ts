import { z } from "@hono/zod-openapi";
import { NOTICE_EVENTS } from "../../domain/notice.ts";
import { DELIVERY_STATUSES } from "../../domain/delivery.ts";
import { count, dateTime } from "../../http/shapes/fields.ts";
import { GroupParams } from "../params.ts";
import { NOTIFICATION } from "../examples.ts";

export const NotificationParams = GroupParams.extend({
  notificationId: z.string().openapi({
    param: { name: "notificationId", in: "path" },
    description: "The notification's id, as the list shows it.",
    example: NOTIFICATION.notificationId,
  }),
});

export const deliveryStatus = z.enum(DELIVERY_STATUSES).openapi({
  description: "`dead`: given up after the last attempt, or refused for good.",
});

export const Notification = z
  .strictObject({
    notificationId: z.string().openapi({
      description: "Run, event and destination. With the group's id before it: the `webhook-id`.",
      example: NOTIFICATION.notificationId,
    }),
    event: z.enum(NOTICE_EVENTS),
    run: z.int().min(1).openapi({ description: "1, and one more each time the group reopens." }),
    recipient: z.string().optional().openapi({ description: "The address of an e-mail." }),
    webhookId: z.string().optional().openapi({ description: "Where a webhook goes to." }),
    status: deliveryStatus,
    attempts: count("Attempts made since it was created or redelivered by hand."),
    lastError: z.string().optional().openapi({ description: "Why it has not arrived, or waits." }),
    createdAt: dateTime("When the event happened."),
    lastAttemptAt: dateTime("The latest attempt.").optional(),
    nextAttemptAt: dateTime(
      "When it is tried next, if nothing comes of an attempt under way. Up to half a minute later while " +
        "the destination gives no answers.",
    ).optional(),
    deliveredAt: dateTime("When the destination took it.").optional(),
  })
  .openapi("Notification", { example: NOTIFICATION });
