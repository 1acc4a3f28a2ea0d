import { createRoute } from "@hono/zod-openapi";
import { redeliver } from "../../coordinator/stub.ts";
import { groupExists } from "../../store/read/reads.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import { groupNotFound } from "../send-command.ts";
import { limitBody } from "../../http/input/limits.ts";
import { presentNotification } from "./present.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, accepted } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { Notification, NotificationParams } from "./schema.ts";

const route = createRoute({
  operationId: "redeliverNotification",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/notifications/{notificationId}/redeliver",
  tags: ["Notifications"],
  summary: "Deliver a notification again",
  description:
    "Sends the notification again at once with fresh attempts, whether it was delivered, is " +
    "pending or is dead. Its content stays as it was at the event, and a webhook message " +
    "keeps its `webhook-id`. The answer does not wait for the delivery.",
  request: { params: NotificationParams, query: NoQuery },
  ...requires("groups:write", limitBody()),
  responses: {
    202: json(dataOf(Notification), "The notification, due now."),
    ...refusals("BODY_TOO_LARGE", "GROUP_NOT_FOUND", "NOTIFICATION_NOT_FOUND"),
  },
});

export const redeliverNotification = operation(route, async (c) => {
  const { workspace, shard } = c.get("principal");
  const { id: groupId, notificationId: id } = c.req.valid("param");
  if (!(await groupExists(session(c), workspace, groupId))) throw groupNotFound();
  const due = await redeliver(c.env, { workspace, groupId, id }, shard);
  if (due === null) {
    throw new ProblemError("NOTIFICATION_NOT_FOUND", "The group has no notification with this id.");
  }
  c.set("bookmark", () => due.bookmark);
  return accepted(c, { data: presentNotification(due.delivery) });
});
