import { thousands } from "../../lib/thousands.ts";
import { LIMITS } from "../../domain/limits.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { randomHex } from "../../lib/hex.ts";
import { JOB_ID_SUFFIX_LENGTH } from "../../domain/job.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { maxBody } from "../../http/input/limits.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, dataOf, json, created } from "../../http/shapes/envelope.ts";
import { GroupParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { presentAdded } from "./present.ts";
import { refuseRepeatedNumbers } from "./repeated-numbers.ts";
import { AddedJobs, NewJob } from "./schema.ts";

const AddJobs = z
  .strictObject({ jobs: z.array(NewJob).min(1).max(LIMITS.jobsPerAdd) })
  .superRefine(({ jobs }, context) => refuseRepeatedNumbers(jobs, context, ["jobs"]))
  .openapi("AddJobs");

const AddedJobsResponse = dataOf(AddedJobs);

const route = createRoute({
  operationId: "addJobs",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs",
  tags: ["Jobs"],
  summary: "Add jobs to a group",
  description:
    `Adds 1 to ${thousands(LIMITS.jobsPerAdd)} jobs, all or none. A \`jobNumber\` that the ` +
    "group already has is answered as `existing` and not added again, so a request with " +
    "numbers can be repeated. Adding to a finished group reopens it. A cancelled group is " +
    "refused with 409, and so are jobs that would bring the group beyond " +
    `${thousands(LIMITS.jobsPerGroup)}.`,
  request: { params: GroupParams, query: NoQuery, headers: IdempotencyHeader, body: body(AddJobs) },
  ...requires("groups:write", maxBody(LIMITS.addJobsBodyKib, LIMITS.largeAddKib)),
  responses: {
    201: {
      ...json(AddedJobsResponse, "The jobs of the request, in its order."),
      headers: REPLAYED_HEADER,
    },
    ...refusals(
      ...BODY_PROBLEMS,
      "GROUP_NOT_FOUND",
      "GROUP_CANCELLED",
      "GROUP_FULL",
      "IDEMPOTENCY_KEY_REUSED",
    ),
  },
});

export const addJobs = operation(route, async (c) => {
  const jobs = c.req.valid("json").jobs.map((job) => ({
    documentName: job.documentName,
    documentUrl: job.documentUrl ?? null,
    documentType: job.documentType ?? null,
    jobNumber: job.jobNumber ?? null,
    metadata: job.metadata === undefined ? null : JSON.stringify(job.metadata),
  }));
  const idSuffix = randomHex(JOB_ID_SUFFIX_LENGTH);
  const { id } = c.req.valid("param");
  const idempotency = await idempotencyOf(c, route.operationId, jobs);
  const reply = await send(c, id, { kind: "add", jobs, idSuffix }, idempotency);
  return created(c, { data: presentAdded(reply) });
});
