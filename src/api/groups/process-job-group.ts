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
import { RELEASED_GROUP } from "../examples.ts";
import { JobGroupResponse } from "./schema.ts";

const route = createRoute({
  operationId: "processJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/process",
  tags: ["Job groups"],
  summary: "Release a job group to the processors",
  description:
    "Opens the group for claims: `created` becomes `queued`. Repeating it is harmless, also " +
    "when the group has finished. An empty group and a cancelled group are refused with 409.",
  request: { params: GroupParams, query: NoQuery, headers: IdempotencyHeader },
  ...requires("groups:write", limitBody()),
  responses: {
    200: {
      ...json(JobGroupResponse, "The group as it is now.", envelope({ data: RELEASED_GROUP })),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      "BODY_TOO_LARGE",
      "IDEMPOTENCY_KEY_REUSED",
      "GROUP_NOT_FOUND",
      "GROUP_EMPTY",
      "GROUP_CANCELLED",
    ),
  },
});

export const processJobGroup = operation(route, async (c) => {
  const idempotency = await idempotencyOf(c, route.operationId);
  const group = await send(c, c.req.valid("param").id, { kind: "open" }, idempotency);
  return ok(c, { data: presentGroup(group, Date.now()) });
});
