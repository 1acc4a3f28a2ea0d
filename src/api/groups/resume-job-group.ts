import { createRoute } from "@hono/zod-openapi";
import { requires } from "../../http/auth/requires.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { limitBody } from "../../http/input/limits.ts";
import { operation } from "../../http/operation.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { envelope, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { GROUP } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { send } from "../send-command.ts";
import { presentGroup } from "./present.ts";
import { JobGroupResponse } from "./schema.ts";

const route = createRoute({
  operationId: "resumeJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/resume",
  tags: ["Job groups"],
  summary: "Resume a paused job group",
  description:
    "Lets processors claim jobs of the group again. `maxFailureRate` looks only at jobs that finish after it, and " +
    "`maxCost` does not pause the group again unless it is changed. Repeating it is harmless, also when the group " +
    "is not paused. A finished or cancelled group is refused with 409.",
  request: { params: GroupParams, query: NoQuery, headers: IdempotencyHeader },
  ...requires("groups:write", limitBody()),
  responses: {
    200: {
      ...json(JobGroupResponse, "The group as it is now.", envelope({ data: GROUP })),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      "BODY_TOO_LARGE",
      "IDEMPOTENCY_KEY_REUSED",
      "GROUP_NOT_FOUND",
      "GROUP_FINISHED",
      "GROUP_CANCELLED",
    ),
  },
});

export const resumeJobGroup = operation(route, async (c) => {
  const idempotency = await idempotencyOf(c, route.operationId);
  const group = await send(c, c.req.valid("param").id, { kind: "resume" }, idempotency);
  return ok(c, { data: presentGroup(group, Date.now()) });
});
