import { createRoute } from "@hono/zod-openapi";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, session } from "../../http/headers/bookmark.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { JobParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { Job } from "./schema.ts";
import { showJob } from "./show-job.ts";

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
  return ok(c, { data: await showJob(session(c), workspace, id, jobId) });
});
