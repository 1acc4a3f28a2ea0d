import { createRoute } from "@hono/zod-openapi";
import { groupExists, readJob } from "../../store/read/reads.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, session } from "../../http/headers/bookmark.ts";
import { groupNotFound } from "../send-command.ts";
import { parseObject } from "../../http/shapes/values.ts";
import { presentAttempt, presentJob } from "./present.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { JobParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { Job } from "./schema.ts";

const route = createRoute({
  operationId: "getJob",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}",
  tags: ["Jobs"],
  summary: "Get a job",
  description:
    "Shows one job with its result, the extracted data and its `history`: the attempts that " +
    "have ended, oldest first, of more than 20 the newest 20. A retry keeps them. An unknown " +
    "or malformed group id, an id of another workspace, and a job id that the group does not " +
    "have get a 404.",
  request: { params: JobParams, query: NoQuery, headers: Bookmark },
  ...requires("groups:read"),
  responses: {
    200: json(dataOf(Job), "The job."),
    ...refusals("GROUP_NOT_FOUND", "JOB_NOT_FOUND"),
  },
});

export const getJob = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { id, jobId } = c.req.valid("param");
  const db = session(c);
  const found = await readJob(db, workspace, id, jobId);
  if (found === undefined) {
    if (!(await groupExists(db, workspace, id))) throw groupNotFound();
    throw new ProblemError("JOB_NOT_FOUND", "The group has no job with this id.");
  }
  const { job, history, beats } = found;
  const { extractedData } = job;
  const data = {
    ...presentJob(job, beats),
    ...(history.length > 0 && { history: history.map(presentAttempt) }),
    ...(extractedData !== null && { extractedData: parseObject(extractedData) }),
  };
  return ok(c, { data });
});
