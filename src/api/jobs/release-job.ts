import { createRoute } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
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
import { ReleaseBody, ReportResponse } from "./report-schema.ts";

const route = createRoute({
  operationId: "releaseJob",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/release",
  tags: ["Processing"],
  summary: "Give a job back",
  description:
    "Puts the job back in the queue, at once or after `retryAfterSeconds`. The attempt is not " +
    "counted. A processor that shuts down calls this, and so does one whose OCR service asks " +
    "it to come back later: while all jobs wait, an empty claim says `backing_off`. The job " +
    `counts its releases as \`deferrals\`. Every ${LIMITS.deferralsPerAttempt}th fails the ` +
    "attempt with the code `deferred_too_often`, as failJob would: it is counted, and the job " +
    "is queued again while attempts are left. A repeat under the same lease is answered " +
    "`duplicate` and changes nothing.",
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
  const { reason = null, ...report } = c.req.valid("json");
  const data = await send(c, id, { kind: "release", jobId, ...report, reason });
  return ok(c, { data });
});
