import { createRoute, z } from "@hono/zod-openapi";
import { requires } from "../../http/auth/requires.ts";
import { limitBody } from "../../http/input/limits.ts";
import { audit } from "../../http/audit.ts";
import { operation } from "../../http/operation.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { Done, envelope, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { removeDocuments } from "../documents/remove-documents.ts";
import { FINISHED_JOB_ID } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { send } from "../send-command.ts";

const DONE = { message: "The job was deleted." };

const Params = GroupParams.extend({
  jobId: z.string().openapi({
    param: { name: "jobId", in: "path" },
    description: "The id of a finished job.",
    example: FINISHED_JOB_ID,
  }),
});

const route = createRoute({
  operationId: "deleteJob",
  method: "delete",
  path: "/ocr-invoice-job-group/{id}/jobs/{jobId}",
  tags: ["Jobs"],
  summary: "Delete a finished job",
  description:
    "Deletes one completed, failed or cancelled job for good, with its result, the notices of its failure and " +
    "what repeats of its claim would have shown. Counters and statistics become those of a group that never had " +
    "the job; a group that has ended may change between `completed` and `failed`. A job that is queued or being " +
    "processed is refused with 409. Deleting again answers 404.",
  request: { params: Params, query: NoQuery },
  ...requires("groups:write", limitBody()),
  responses: {
    200: json(Done, "The job is gone.", envelope(DONE)),
    ...refusals("BODY_TOO_LARGE", "GROUP_NOT_FOUND", "JOB_NOT_FOUND", "JOB_UNFINISHED"),
  },
});

export const deleteJob = operation(route, async (c) => {
  const { id, jobId } = c.req.valid("param");
  const { documentKey } = await send(c, id, { kind: "erase", jobId });
  audit(c, "deleteJob", { groupId: id, jobId });
  if (documentKey !== null) await removeDocuments(c, id, documentKey);
  return ok(c, DONE);
});
