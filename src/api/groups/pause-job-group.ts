import { createRoute, z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { requires } from "../../http/auth/requires.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { optionalBody } from "../../http/input/optional-body.ts";
import { operation } from "../../http/operation.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, envelope, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { text } from "../../http/shapes/text.ts";
import { PAUSE, PAUSED_GROUP } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { send } from "../send-command.ts";
import { presentGroup } from "./present.ts";
import { JobGroupResponse } from "./schema.ts";

const PauseBody = z
  .strictObject({
    reason: text(LIMITS.pauseReason)
      .optional()
      .openapi({ description: "Reason of the pause. The group shows it as `pauseReason`." }),
  })
  .openapi("PauseJobGroup", { example: PAUSE });

const route = createRoute({
  operationId: "pauseJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/pause",
  tags: ["Job groups"],
  summary: "Pause a job group",
  description:
    "Stops the group's claims: claimJobs answers no lease with the reason `paused`, and claimAnyJobs passes the " +
    "group over. Leases that run may still report. Status and counters stay, and there is no estimate. Repeating " +
    "it is harmless and keeps the first reason. A group that ends while it is paused is paused no more. A " +
    "finished or cancelled group is refused with 409. Every pause is told as `job_group.paused` to the webhooks " +
    "that ask for this event.",
  request: {
    params: GroupParams,
    query: NoQuery,
    headers: IdempotencyHeader,
    body: { ...body(PauseBody), required: false },
  },
  ...requires("groups:write", optionalBody()),
  responses: {
    200: {
      ...json(JobGroupResponse, "The group as it is now.", envelope({ data: PAUSED_GROUP })),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      ...BODY_PROBLEMS,
      "IDEMPOTENCY_KEY_REUSED",
      "GROUP_NOT_FOUND",
      "GROUP_FINISHED",
      "GROUP_CANCELLED",
    ),
  },
});

export const pauseJobGroup = operation(route, async (c) => {
  const { reason = null } = c.req.valid("json");
  const idempotency = await idempotencyOf(c, route.operationId, { reason });
  const group = await send(c, c.req.valid("param").id, { kind: "pause", reason }, idempotency);
  return ok(c, { data: presentGroup(group, Date.now()) });
});
