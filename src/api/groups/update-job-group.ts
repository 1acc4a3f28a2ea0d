import { createRoute } from "@hono/zod-openapi";
import { configOf } from "../../config.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import { maxBody } from "../../http/input/limits.ts";
import { ETAG_HEADER, etag, IfMatch, ifMatch } from "../../http/headers/preconditions.ts";
import { presentGroup } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, json, ok } from "../../http/shapes/envelope.ts";
import { GroupParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { JobGroupInput, JobGroupResponse } from "./schema.ts";
import { toGroupInput } from "./input.ts";

const route = createRoute({
  operationId: "updateJobGroup",
  method: "put",
  path: "/ocr-invoice-job-group/{id}",
  tags: ["Job groups"],
  summary: "Replace a job group's settings",
  description:
    "Replaces every input field: a field that is left out returns to its default or is " +
    "cleared. Counters, status, statistics and times are ignored in the body, so that you can " +
    "edit an answer of getJobGroup and send it back. Allowed in every status. New settings " +
    "apply from the next claim or report on. An invalid body changes nothing.",
  request: { params: GroupParams, query: NoQuery, headers: IfMatch, body: body(JobGroupInput) },
  ...requires("groups:write", maxBody()),
  responses: {
    200: { ...json(JobGroupResponse, "The group as it is now."), headers: ETAG_HEADER },
    ...refusals(...BODY_PROBLEMS, "GROUP_NOT_FOUND", "PRECONDITION_FAILED"),
  },
});

export const updateJobGroup = operation(route, async (c) => {
  const input = toGroupInput(c.req.valid("json"), configOf(c.env));
  const revisions = ifMatch(c);
  const command = { kind: "update" as const, input, ...(revisions && { ifMatch: revisions }) };
  const group = await send(c, c.req.valid("param").id, command);
  const data = presentGroup(group, Date.now());
  return ok(c, { data }, etag(group));
});
