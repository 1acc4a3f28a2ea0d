import { createRoute } from "@hono/zod-openapi";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { limitBody } from "../../http/input/limits.ts";
import { presentGroup } from "./present.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { json, envelope, ok } from "../../http/shapes/envelope.ts";
import { GroupParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { RETRIED_GROUP } from "../examples.ts";
import { JobGroupResponse } from "./schema.ts";

const route = createRoute({
  operationId: "retryJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/retry",
  tags: ["Job groups"],
  summary: "Retry the failed jobs of a group",
  description:
    "Puts every failed job back in the queue with fresh attempts. A finished group reopens. A " +
    "group without failed jobs and a cancelled group are refused with 409.",
  request: { params: GroupParams, query: NoQuery, headers: IdempotencyHeader },
  ...requires("groups:write", limitBody()),
  responses: {
    200: {
      ...json(JobGroupResponse, "The group as it is now.", envelope({ data: RETRIED_GROUP })),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      "BODY_TOO_LARGE",
      "IDEMPOTENCY_KEY_REUSED",
      "GROUP_NOT_FOUND",
      "NOTHING_TO_RETRY",
      "GROUP_CANCELLED",
    ),
  },
});

export const retryJobGroup = operation(route, async (c) => {
  const idempotency = await idempotencyOf(c, route.operationId);
  const group = await send(c, c.req.valid("param").id, { kind: "retry" }, idempotency);
  return ok(c, { data: presentGroup(group, Date.now()) });
});
