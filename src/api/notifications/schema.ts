import { z } from "@hono/zod-openapi";
import { NOTICE_EVENTS } from "../../domain/notice.ts";
import { DELIVERY_STATUSES } from "../../domain/delivery.ts";
import { count, dateTime } from "../../http/shapes/fields.ts";
import { GroupParams } from "../params.ts";
import { NOTIFICATION } from "../examples.ts";

export const NotificationParams = GroupParams.extend({
  notificationId: z.string().openapi({
    param: { name: "notificationId", in: "path" },
    description: "The `notificationId` from listNotifications.",
    example: NOTIFICATION.notificationId,
  }),
});

export const deliveryStatus = z.enum(DELIVERY_STATUSES).openapi({
  description: "`dead`: the last attempt failed, or the destination refused it for good.",
});

export const Notification = z
  .strictObject({
    notificationId: z.string().openapi({
      description:
        "Id made of run, event and destination. The `webhook-id` of a message is the group's id, a dot and this id.",
      example: NOTIFICATION.notificationId,
    }),
    event: z.enum(NOTICE_EVENTS),
    run: z
      .int()
      .min(1)
      .openapi({ description: "Run of the group: 1, and one more each time the group reopens." }),
    recipient: z.string().optional().openapi({ description: "Address of an e-mail." }),
    webhookId: z
      .string()
      .optional()
      .openapi({ description: "Id of the webhook that a message goes to." }),
    status: deliveryStatus,
    attempts: count(
      "Number of attempts since the notification was created or redelivered by hand.",
    ),
    lastError: z
      .string()
      .optional()
      .openapi({ description: "Reason why it is not delivered yet." }),
    createdAt: dateTime("Time of the event."),
    lastAttemptAt: dateTime("Time of the latest attempt.").optional(),
    nextAttemptAt: dateTime(
      "Time of the next attempt, unless one under way succeeds. It may be up to half a minute later while " +
        "the destination gives no answers.",
    ).optional(),
    deliveredAt: dateTime("Time at which the destination accepted it.").optional(),
  })
  .openapi("Notification", { example: NOTIFICATION });
