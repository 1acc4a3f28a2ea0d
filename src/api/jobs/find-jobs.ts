import { createRoute, z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { requires } from "../../http/auth/requires.ts";
import { dearCall } from "../../http/turns.ts";
import { Bookmark, listSession } from "../../http/headers/bookmark.ts";
import { operation } from "../../http/operation.ts";
import { invalid } from "../../http/problems/errors.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { envelope, json, ok, success } from "../../http/shapes/envelope.ts";
import { count } from "../../http/shapes/fields.ts";
import { pageLimit, pageOffset } from "../../http/shapes/query.ts";
import { thousands } from "../../lib/thousands.ts";
import { readNumberedJobs } from "../../store/read/numbered-jobs.ts";
import { FOUND_JOB, NEW_JOB } from "../examples.ts";
import { jobNumber } from "./fields.ts";
import { presentJob } from "./present.ts";
import { FoundJob } from "./schema.ts";

const MOST = LIMITS.jobsWithNumber;

const Query = z.strictObject({
  jobNumber: jobNumber.openapi({ example: NEW_JOB.jobNumber }),
  limit: pageLimit,
  offset: pageOffset(MOST),
});

const FoundJobs = z
  .strictObject({
    success,
    data: z.array(FoundJob),
    total: count("Number of jobs with this number. `limit` and `offset` do not change it."),
  })
  .openapi("FoundJobs", { example: envelope({ data: [FOUND_JOB], total: 1 }) });

const route = createRoute({
  operationId: "findJobs",
  method: "get",
  path: "/ocr-invoice-job-group/jobs",
  tags: ["Jobs"],
  summary: "Find jobs by their number",
  description:
    "Lists the jobs of all groups of the workspace that have this `jobNumber`, newest first, each with its `groupId`. " +
    `A number that more than ${thousands(MOST)} jobs have is refused.`,
  request: { query: Query, headers: Bookmark },
  ...requires("groups:read", dearCall),
  responses: { 200: json(FoundJobs, "The jobs."), ...refusals() },
});

export const findJobs = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const query = c.req.valid("query");
  const { jobs, total } = await readNumberedJobs(listSession(c), {
    ...query,
    workspace,
    most: MOST,
  });
  if (total > MOST) {
    const detail = `more than ${thousands(MOST)} jobs have this number.`;
    throw invalid([{ parameter: "jobNumber", detail }]);
  }
  const data = jobs.map(({ groupId, job, beats }) => ({ groupId, ...presentJob(job, beats) }));
  return ok(c, { data, total });
});
