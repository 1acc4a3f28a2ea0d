import { LIMITS } from "../../domain/limits.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { JOB_STATUSES } from "../../domain/job.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, listSession } from "../../http/headers/bookmark.ts";
import { groupNotFound } from "../send-command.ts";
import { inTurn } from "../../http/turns.ts";
import { invalid } from "../../http/problems/errors.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { count } from "../../http/shapes/fields.ts";
import { GroupParams } from "../params.ts";
import { json, success, envelope } from "../../http/shapes/envelope.ts";
import { queryInteger, queryIntegerOr } from "../../http/shapes/query.ts";
import { JOB_SUMMARY } from "../examples.ts";
import { errorCode } from "./fields.ts";
import { JobSummary } from "./schema.ts";
import { streamJobs, type Turn } from "./stream-jobs.ts";

const Query = z.strictObject({
  limit: queryInteger({ min: 1, max: LIMITS.jobsPerGroup }).openapi({
    example: 1,
    description: "Largest number of jobs to answer. Without it all are answered.",
  }),
  offset: queryIntegerOr(0, { min: 0, max: LIMITS.jobsPerGroup }).openapi({
    example: 130,
    description: "Number of jobs to skip.",
  }),
  status: z.enum(JOB_STATUSES).optional().openapi({ description: "Only jobs that stand there." }),
  errorCode: errorCode.optional().openapi({
    description:
      "Only jobs that failed for good with this code: those that listJobErrors counts under it. Of all statuses " +
      "only `failed` may stand beside it.",
  }),
});

const JobList = z
  .strictObject({
    success,
    data: z.array(JobSummary),
    total: count(
      "Number of jobs of the group, or of those in `status` or with `errorCode`. `limit` and `offset` do not change it.",
    ),
  })
  .openapi("JobList", { example: envelope({ data: [JOB_SUMMARY], total: 150 }) });

const route = createRoute({
  operationId: "listJobGroupJobs",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/jobs",
  tags: ["Jobs"],
  summary: "List a group's jobs",
  description:
    "Streams all jobs of the group in the order they were added. `limit`, `offset`, `status` and " +
    "`errorCode` narrow the list. A list of up to 1,000 jobs shows one point in time; of a " +
    "longer list each 1,000 jobs do. When the group is deleted meanwhile, the connection " +
    "breaks off. Extracted data is left out; getJob shows it. An unknown id, a malformed id " +
    "and an id of another workspace get the same 404.",
  request: { params: GroupParams, query: Query, headers: Bookmark },
  ...requires("groups:read"),
  responses: { 200: json(JobList, "The jobs."), ...refusals("GROUP_NOT_FOUND") },
});

/** A list of so many jobs costs about as much as a look-up by id. */
const SHORT = 100;

export const listJobGroupJobs = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { limit = Number.POSITIVE_INFINITY, offset, status, errorCode } = c.req.valid("query");
  if (errorCode !== undefined && status !== undefined && status !== "failed") {
    const detail = "only failed jobs have one here: leave `status` out, or make it `failed`.";
    throw invalid([{ parameter: "errorCode", detail }]);
  }
  const groupId = c.req.valid("param").id;
  const wanted = { workspace, groupId, limit, offset, status, errorCode };
  const isShort = limit <= SHORT && status === undefined && errorCode === undefined;
  const turn: Turn = isShort ? (work) => work() : (work) => inTurn(c, work);
  const stream = await turn(() => streamJobs(listSession(c), wanted, turn));
  if (stream === undefined) throw groupNotFound();
  // The route declares JSON. It is streamed, so memory does not grow with the group; a stream has no JSON type.
  return c.body(stream, 200, { "Content-Type": "application/json" }) as never;
});
