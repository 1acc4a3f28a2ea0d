import { createRoute, z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { optionalBody } from "../../http/input/optional-body.ts";
import { presentGroup } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, json, envelope, ok } from "../../http/shapes/envelope.ts";
import { GroupParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { text } from "../../http/shapes/text.ts";
import { CANCEL, GROUP_WITH_CANCELLED_JOB } from "../examples.ts";
import { JobGroupResponse } from "./schema.ts";

const CancelBody = z
  .strictObject({
    jobIds: z.array(text(LIMITS.label)).min(1).max(LIMITS.jobsChosen).optional().openapi({
      description:
        "Cancel only these jobs. Ids of jobs in other states than `queued` and `processing` are ignored.",
    }),
  })
  .openapi("CancelJobGroup", { example: CANCEL });

const route = createRoute({
  operationId: "cancelJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/cancel",
  tags: ["Job groups"],
  summary: "Cancel a job group, or some of its jobs",
  description:
    "Cancels every unfinished job and voids its lease. Finished jobs stay as they are. Many jobs are cancelled a " +
    "thousand at a time: the group is `cancelled` from the first on, and the answer comes after the last. " +
    "Cancelling is final, and repeating it is harmless. A completed or failed group is " +
    "refused with 409. With `jobIds` only these jobs are cancelled. The group goes on with its other jobs, and ends " +
    "when none of them is pending: it is `cancelled` when all its jobs were cancelled. When no unfinished job is " +
    "among them the answer is 409, but 200 when some of them are cancelled already.",
  request: {
    params: GroupParams,
    query: NoQuery,
    headers: IdempotencyHeader,
    body: { ...body(CancelBody), required: false },
  },
  ...requires("groups:write", optionalBody()),
  responses: {
    200: {
      ...json(
        JobGroupResponse,
        "The group as it is now.",
        envelope({ data: GROUP_WITH_CANCELLED_JOB }),
      ),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      ...BODY_PROBLEMS,
      "IDEMPOTENCY_KEY_REUSED",
      "GROUP_NOT_FOUND",
      "GROUP_FINISHED",
      "NOTHING_TO_CANCEL",
    ),
  },
});

export const cancelJobGroup = operation(route, async (c) => {
  const { jobIds } = c.req.valid("json");
  // A cancel of the whole group has the fingerprint that it had before jobs could be chosen.
  const idempotency = await idempotencyOf(c, route.operationId, jobIds && { jobIds });
  const command = { kind: "cancel", ...(jobIds && { jobIds }) } as const;
  const group = await send(c, c.req.valid("param").id, command, idempotency);
  return ok(c, { data: presentGroup(group, Date.now()) });
});
