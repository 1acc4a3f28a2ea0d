import { createRoute } from "@hono/zod-openapi";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import { maxBody } from "../../http/input/limits.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { REPORT_PROBLEMS } from "./report-problems.ts";
import { body, json, envelope, ok } from "../../http/shapes/envelope.ts";
import { JobParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { RELEASED_REPORT } from "../examples.ts";
import { ReleaseBody, ReportResponse } from "./schema.ts";

const route = createRoute({
  operationId: "releaseJob",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/release",
  tags: ["Processing"],
  summary: "Give a job back",
  description:
    "Puts the job back in the queue at once. The attempt is not counted. A processor that " +
    "shuts down calls this. A repeat under the same lease is answered `duplicate` and changes " +
    "nothing.",
  request: { params: JobParams, query: NoQuery, body: body(ReleaseBody) },
  ...requires("jobs:process", maxBody()),
  responses: {
    200: json(
      ReportResponse,
      "The job and the group's counters as they are now.",
      envelope({ data: RELEASED_REPORT }),
    ),
    ...refusals(...REPORT_PROBLEMS),
  },
});

export const releaseJob = operation(route, async (c) => {
  const { id, jobId } = c.req.valid("param");
  const data = await send(c, id, { kind: "release", jobId, ...c.req.valid("json") });
  return ok(c, { data });
});
