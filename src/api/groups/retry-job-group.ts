import { createRoute, z } from "@hono/zod-openapi";
import type { RetryChoice } from "../../domain/commands.ts";
import { LIMITS } from "../../domain/limits.ts";
import { requires } from "../../http/auth/requires.ts";
import { dearCall } from "../../http/turns.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { optionalBody } from "../../http/input/optional-body.ts";
import { operation } from "../../http/operation.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, envelope, json, ok, success } from "../../http/shapes/envelope.ts";
import { count } from "../../http/shapes/fields.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { text } from "../../http/shapes/text.ts";
import { RETRIED_GROUP, RETRY } from "../examples.ts";
import { errorCode } from "../jobs/fields.ts";
import { GroupParams } from "../params.ts";
import { send } from "../send-command.ts";
import { presentGroup } from "./present.ts";
import { JobGroup } from "./schema.ts";

const RetryBody = z
  .strictObject({
    status: z
      .array(z.enum(["failed", "completed"]))
      .min(1)
      .max(2)
      .optional()
      .openapi({ description: "Retry jobs in one of these states. Absent: failed ones." }),
    jobIds: z
      .array(text(LIMITS.label))
      .min(1)
      .max(LIMITS.jobsChosen)
      .optional()
      .openapi({ description: "Retry only these jobs. Ids of jobs in other states are ignored." }),
    errorCodes: z
      .array(errorCode)
      .min(1)
      .max(LIMITS.errorCodesChosen)
      .optional()
      .openapi({ description: "Retry only jobs that failed with one of these codes." }),
    dryRun: z
      .boolean()
      .optional()
      .openapi({ description: "Only count the jobs that match. Nothing is changed." }),
  })
  .openapi("RetryJobGroup", { example: RETRY });

const RetryResponse = z
  .strictObject({
    success,
    data: JobGroup,
    matched: count("Number of jobs that were put back in the queue, or would be.").optional(),
  })
  .openapi("RetryResponse", { example: envelope({ data: RETRIED_GROUP, matched: 10 }) });

const route = createRoute({
  operationId: "retryJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/retry",
  tags: ["Job groups"],
  summary: "Run finished jobs of a group again",
  description:
    "Puts jobs back in the queue with fresh attempts: without a body every failed one, with a body those that match " +
    "all its conditions. A finished group reopens. A completed job that is run again leaves `completedJobs`, " +
    "`totalPages` and the averages. Its cost stays spent, and its result can be read until a new one replaces it. " +
    "`matched` is the number of jobs; it is absent only in a repeat of a retry made by an earlier version. Many " +
    "jobs are put back a thousand at a time, and the answer comes after the last. A repeat of a retry that was broken " +
    "off before its answer puts back the others, and `matched` is their number. When " +
    "nothing matches the answer is 409, but 200 with `dryRun`. A cancelled group is refused with 409.",
  request: {
    params: GroupParams,
    query: NoQuery,
    headers: IdempotencyHeader,
    body: { ...body(RetryBody), required: false },
  },
  ...requires("groups:write", optionalBody(), dearCall),
  responses: {
    200: { ...json(RetryResponse, "The group as it is now."), headers: REPLAYED_HEADER },
    ...refusals(
      ...BODY_PROBLEMS,
      "IDEMPOTENCY_KEY_REUSED",
      "GROUP_NOT_FOUND",
      "NOTHING_TO_RETRY",
      "GROUP_CANCELLED",
    ),
  },
});

type Body = z.output<typeof RetryBody>;

export const retryJobGroup = operation(route, async (c) => {
  const asked = c.req.valid("json");
  // A retry without options has the fingerprint that it had before there were any.
  const isPlain = Object.keys(asked).length === 0;
  const idempotency = await idempotencyOf(c, route.operationId, isPlain ? null : asked);
  const command = {
    kind: "retry",
    choice: choiceOf(asked),
    dryRun: asked.dryRun ?? false,
  } as const;
  const reply = await send(c, c.req.valid("param").id, command, idempotency);
  // Receipts of earlier versions hold the group alone.
  const { group, matched } = "group" in reply ? reply : { group: reply, matched: undefined };
  const data = presentGroup(group, Date.now());
  return ok(c, { data, ...(matched !== undefined && { matched }) });
});

function choiceOf({ status, jobIds, errorCodes }: Body): RetryChoice | null {
  if (status === undefined && jobIds === undefined && errorCodes === undefined) return null;
  const statuses = [...new Set(status ?? (["failed"] as const))].toSorted();
  return { statuses, jobIds: jobIds ?? null, errorCodes: errorCodes ?? null };
}
