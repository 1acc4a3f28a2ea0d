import { createRoute } from "@hono/zod-openapi";
import { readGroup } from "../../store/read/reads.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, session } from "../../http/headers/bookmark.ts";
import { groupNotFound } from "../send-command.ts";
import { presentGroup } from "./present.ts";
import { ETAG_HEADER, etag, IfNoneMatch, isNotModified } from "../../http/headers/preconditions.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { GroupParams } from "../params.ts";
import { json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { JobGroupResponse } from "./schema.ts";

const route = createRoute({
  operationId: "getJobGroup",
  method: "get",
  path: "/ocr-invoice-job-group/{id}",
  tags: ["Job groups"],
  summary: "Get a job group",
  description:
    "Shows the group with its counters as of its last committed change. The counters always " +
    "add up and always equal the states of its jobs. An unknown id, a malformed id and an id " +
    "of another workspace get the same 404.",
  request: { params: GroupParams, query: NoQuery, headers: IfNoneMatch.extend(Bookmark.shape) },
  ...requires("groups:read"),
  responses: {
    200: { ...json(JobGroupResponse, "The group."), headers: ETAG_HEADER },
    304: { description: "The client's copy of the group is current.", headers: ETAG_HEADER },
    ...refusals("GROUP_NOT_FOUND"),
  },
});

export const getJobGroup = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const group = await readGroup(session(c), workspace, c.req.valid("param").id);
  if (group === undefined) throw groupNotFound();
  if (isNotModified(c, group)) return c.body(null, 304, etag(group));
  const data = presentGroup(group, Date.now());
  return ok(c, { data }, etag(group));
});
