import { createRoute, z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import { requires } from "../../http/auth/requires.ts";
import { dearCall } from "../../http/turns.ts";
import { Bookmark, listSession } from "../../http/headers/bookmark.ts";
import { operation } from "../../http/operation.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { count } from "../../http/shapes/fields.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { readJobErrors } from "../../store/read/job-errors.ts";
import { JOB_ERRORS, JOB_ID } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { groupNotFound } from "../send-command.ts";

const JobErrors = z
  .strictObject({
    errorCode: z.string().openapi({ description: "Code of the last attempt's failure." }),
    jobs: count("Number of failed jobs with this code."),
    error: z.string().openapi({ description: "The error of the job that failed last." }),
    jobId: z.string().openapi({ description: "Id of that job.", example: JOB_ID }),
  })
  .openapi("JobErrors");

const route = createRoute({
  operationId: "listJobErrors",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/errors",
  tags: ["Jobs"],
  summary: "List the errors of a group by code",
  description:
    "Counts the jobs that failed for good by their `errorCode`, most first, with the latest error of each code as " +
    `an example. At most ${LIMITS.errorCodesListed} codes are listed. Only failed jobs are read, however large the ` +
    "group is. A time-out has the code `timeout`, and a failure reported without a code `unspecified`.",
  request: { params: GroupParams, query: NoQuery, headers: Bookmark },
  ...requires("groups:read", dearCall),
  responses: {
    200: json(
      dataOf(z.array(JobErrors)).openapi("JobErrorList", { example: JOB_ERRORS }),
      "The codes and their jobs.",
    ),
    ...refusals("GROUP_NOT_FOUND"),
  },
});

export const listJobErrors = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const key = { workspace, groupId: c.req.valid("param").id };
  const data = await readJobErrors(listSession(c), key, LIMITS.errorCodesListed);
  if (data === undefined) throw groupNotFound();
  return ok(c, { data });
});
