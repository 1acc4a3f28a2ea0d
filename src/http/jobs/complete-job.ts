import { createRoute } from "@hono/zod-openapi";
import type { App } from "../app-types.ts";
import { requires } from "../auth/requires.ts";
import { send } from "../commands.ts";
import { maxBody } from "../limits.ts";
import { BODY_PROBLEMS, refusals } from "../problems.ts";
import { body, JobParams, json, NoQuery } from "../schemas/common.ts";
import { CompleteBody, ReportResponse } from "../schemas/job.ts";

const route = createRoute({
  operationId: "completeJob",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/complete",
  tags: ["Processing"],
  summary: "Report a job completed",
  description:
    "Settles the attempt as successful. Repeating the report under the same lease answers `duplicate` and " +
    "moves nothing: pages, cost and time are counted once. A lease that is not the current one is refused " +
    "with `LEASE_LOST`, one that reported another outcome with `OUTCOME_CONFLICT`. The first cost reported " +
    "fixes the currency of the group, `USD` when it names none.",
  request: { params: JobParams, query: NoQuery, body: body(CompleteBody) },
  ...requires("jobs:process", maxBody(256)),
  responses: {
    200: json(ReportResponse, "The job and the group's counters as they are now."),
    ...refusals(
      ...BODY_PROBLEMS,
      "GROUP_NOT_FOUND",
      "JOB_NOT_FOUND",
      "LEASE_LOST",
      "OUTCOME_CONFLICT",
      "CURRENCY_MISMATCH",
    ),
  },
});

export const completeJob = (app: App) =>
  app.openapi(route, async (c) => {
    const { id, jobId } = c.req.valid("param");
    const { cost, extractedData, ...report } = c.req.valid("json");
    const data = await send(c, id, {
      kind: "complete",
      jobId,
      leaseId: report.leaseId,
      pages: report.pages ?? null,
      costMicros: cost === undefined ? null : Math.round(cost * 1_000_000),
      currency: report.currency ?? null,
      confidence: report.confidence ?? null,
      extractedData: extractedData === undefined ? null : JSON.stringify(extractedData),
    });
    return c.json({ success: true as const, data }, 200);
  });
