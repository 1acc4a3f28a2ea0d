import { createRoute } from "@hono/zod-openapi";
import type { App } from "../app-types.ts";
import { send } from "../commands.ts";
import { maxBody } from "../limits.ts";
import { presentGroup } from "../present.ts";
import { BODY_PROBLEMS, refusals } from "../problems.ts";
import { body, GroupParams, json, NoQuery } from "../schemas/common.ts";
import { JobGroupInput, JobGroupResponse } from "../schemas/group.ts";
import { toGroupInput } from "./input.ts";

const route = createRoute({
  operationId: "updateJobGroup",
  method: "put",
  path: "/ocr-invoice-job-group/{id}",
  tags: ["Job groups"],
  summary: "Replace a job group's settings",
  description:
    "Replaces every input field: one left out returns to its default or is cleared. Counters, status, " +
    "statistics and times stay as they are, and are ignored in the body, so that an answer of " +
    "getJobGroup can be edited and sent back. Allowed in every status; new settings hold from the next " +
    "claim or report on. An invalid body changes nothing.",
  request: { params: GroupParams, query: NoQuery, body: body(JobGroupInput) },
  middleware: maxBody(64),
  responses: {
    200: json(JobGroupResponse, "The group as it is now."),
    ...refusals(...BODY_PROBLEMS, "GROUP_NOT_FOUND"),
  },
});

export const updateJobGroup = (app: App) =>
  app.openapi(route, async (c) => {
    const input = toGroupInput(c.req.valid("json"));
    const group = await send(c, c.req.valid("param").id, { kind: "update", input });
    return c.json({ success: true as const, data: presentGroup(group, Date.now()) }, 200);
  });
