import { createRoute, z } from "@hono/zod-openapi";
import { readDeliveries } from "../../store/read/deliveries.ts";
import { groupExists } from "../../store/read/reads.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, listSession } from "../../http/headers/bookmark.ts";
import { groupNotFound } from "../send-command.ts";
import { presentNotification } from "./present.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { count } from "../../http/shapes/fields.ts";
import { GroupParams } from "../params.ts";
import { json, success, envelope, ok } from "../../http/shapes/envelope.ts";
import { pageLimit, pageOffset } from "../../http/shapes/query.ts";
import { NOTIFICATION } from "../examples.ts";
import { deliveryStatus, Notification } from "./schema.ts";

const Query = z.strictObject({
  limit: pageLimit,
  offset: pageOffset(),
  status: deliveryStatus.optional(),
});

const NotificationList = z
  .strictObject({
    success,
    data: z.array(Notification),
    total: count("Number of notifications of the group, or of those in `status`."),
  })
  .openapi("NotificationList", { example: envelope({ data: [NOTIFICATION], total: 1 }) });

const route = createRoute({
  operationId: "listNotifications",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/notifications",
  tags: ["Notifications"],
  summary: "List what a group has announced",
  description:
    "Lists every e-mail and webhook message of the group with its destination, its attempts " +
    "and its last error, latest run first. E-mail waits until the server has a sender, and " +
    "`lastError` says so. An unknown id, a malformed id and an id of another workspace get " +
    "the same 404.",
  request: { params: GroupParams, query: Query, headers: Bookmark },
  ...requires("groups:read"),
  responses: { 200: json(NotificationList, "The notifications."), ...refusals("GROUP_NOT_FOUND") },
});

export const listNotifications = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { id } = c.req.valid("param");
  const { limit, offset, status } = c.req.valid("query");
  const db = listSession(c);
  if (!(await groupExists(db, workspace, id))) throw groupNotFound();
  const group = { workspace, groupId: id };
  const { deliveries, total } = await readDeliveries(db, group, { limit, offset, status });
  const data = deliveries.map(presentNotification);
  return ok(c, { data, total });
});
