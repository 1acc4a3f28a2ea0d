import { LIMITS } from "../../domain/limits.ts";
import { createRoute } from "@hono/zod-openapi";
import { leaseIdAfter } from "../../domain/ids.ts";
import { toMicros } from "../../domain/money.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import { sha256Hex } from "../../lib/sha256.ts";
import { maxBody } from "../../http/input/limits.ts";
import { presentNext } from "./present.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { REPORT_PROBLEMS } from "./report-problems.ts";
import { body, json, ok } from "../../http/shapes/envelope.ts";
import { JobParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { CompleteBody, CompleteResponse } from "./report-schema.ts";

const route = createRoute({
  operationId: "completeJob",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}/complete",
  tags: ["Processing"],
  summary: "Report a job completed",
  description:
    "Ends the attempt as successful. A repeat under the same lease is answered `duplicate` " +
    "and changes nothing: pages, cost and time are counted once. `LEASE_LOST` refuses a lease " +
    "that is not the job's current one. `OUTCOME_CONFLICT` refuses a lease that has reported " +
    "another outcome. The first cost reported fixes the group's currency, `USD` when it names " +
    "none. With `claimNext` the answer holds the next lease, granted in the same commit with the `heartbeatSeconds` of this one. A " +
    "repeat after a lost answer holds that same lease.",
  request: { params: JobParams, query: NoQuery, body: body(CompleteBody) },
  ...requires("jobs:process", maxBody(LIMITS.completeJobBodyKib)),
  responses: {
    200: json(CompleteResponse, "The job and the group's counters as they are now."),
    ...refusals(...REPORT_PROBLEMS, "CURRENCY_MISMATCH"),
  },
});

export const completeJob = operation(route, async (c) => {
  const { id, jobId } = c.req.valid("param");
  const { cost, extractedData, claimNext, ...report } = c.req.valid("json");
  const { next, ...reported } = await send(c, id, {
    kind: "complete",
    jobId,
    leaseId: report.leaseId,
    pages: report.pages ?? null,
    costMicros: cost === undefined ? null : toMicros(cost),
    currency: report.currency ?? null,
    confidence: report.confidence ?? null,
    extractedData: extractedData ?? null,
    ...(claimNext && { nextLeaseId: await leaseIdAfter(report.leaseId, sha256Hex) }),
  });
  const data = { ...reported, ...(next && { next: await presentNext(c, next) }) };
  return ok(c, { data });
});
