import { createRoute } from "@hono/zod-openapi";
import { audit } from "../../http/audit.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import { limitBody } from "../../http/input/limits.ts";
import { IfMatch, ifMatch } from "../../http/headers/preconditions.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { Done, json, envelope, ok } from "../../http/shapes/envelope.ts";
import { removeDocuments } from "../documents/remove-documents.ts";
import { GroupParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";

const DONE = { message: "The job group was deleted." };

const route = createRoute({
  operationId: "deleteJobGroup",
  method: "delete",
  path: "/ocr-invoice-job-group/{id}",
  tags: ["Job groups"],
  summary: "Delete a job group",
  description:
    "Deletes the group and all its jobs for good, in any status. A processor that still holds " +
    "a lease of the group gets a 404 when it reports. Notifications that are not delivered " +
    "yet are withdrawn. Deleting the group again gets a 404.",
  request: { params: GroupParams, query: NoQuery, headers: IfMatch },
  ...requires("groups:write", limitBody()),
  responses: {
    200: json(Done, "The group is gone.", envelope(DONE)),
    ...refusals("BODY_TOO_LARGE", "GROUP_NOT_FOUND", "PRECONDITION_FAILED"),
  },
});

export const deleteJobGroup = operation(route, async (c) => {
  const revisions = ifMatch(c);
  const command = { kind: "delete" as const, ...(revisions && { ifMatch: revisions }) };
  const { id } = c.req.valid("param");
  const { storedDocuments } = await send(c, id, command);
  audit(c, "deleteJobGroup", { groupId: id });
  if (storedDocuments > 0) await removeDocuments(c, id, "");
  return ok(c, DONE);
});
