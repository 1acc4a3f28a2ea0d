import { createRoute } from "@hono/zod-openapi";
import { toMicros } from "../../domain/money.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import { maxBody } from "../../http/input/limits.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { REPORT_PROBLEMS } from "./report-problems.ts";
import { body, json, envelope, ok } from "../../http/shapes/envelope.ts";
import { JobParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { FAILED_REPORT } from "../examples.ts";
import { FailBody, ReportResponse } from "./report-schema.ts";

const route = createRoute({
  operationId: "failJob",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/fail",
  tags: ["Processing"],
  summary: "Report a job failed",
  description:
    "Ends the attempt as failed. While retries are left and `retryable` is true, the job is " +
    "queued again after `retryAfterSeconds`, or else after a back-off of about 5 s, which " +
    "doubles with each attempt up to 5 minutes. Otherwise the job has failed for good. A " +
    "failed reading may have a cost, too: it counts in the cost of the job and in " +
    "`statistics.totalCost`, once, whatever becomes of the job. A repeat under the same lease " +
    "is answered `duplicate` and changes nothing.",
  request: { params: JobParams, query: NoQuery, body: body(FailBody) },
  ...requires("jobs:process", maxBody()),
  responses: {
    200: json(
      ReportResponse,
      "The job and the group's counters as they are now.",
      envelope({ data: FAILED_REPORT }),
    ),
    ...refusals(...REPORT_PROBLEMS, "CURRENCY_MISMATCH"),
  },
});

export const failJob = operation(route, async (c) => {
  const { id, jobId } = c.req.valid("param");
  const { cost, ...report } = c.req.valid("json");
  const data = await send(c, id, {
    kind: "fail",
    jobId,
    ...report,
    retryAfterSeconds: report.retryAfterSeconds ?? null,
    pages: report.pages ?? null,
    costMicros: cost === undefined ? null : toMicros(cost),
    currency: report.currency ?? null,
  });
  return ok(c, { data });
});
