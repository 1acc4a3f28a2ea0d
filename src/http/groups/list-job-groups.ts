import { createRoute, z } from "@hono/zod-openapi";
import { SORT_FIELDS } from "../../store/list/fields.ts";
import { listGroups } from "../../store/list/list-groups.ts";
import { parseFilter } from "../../store/list/parse-filter.ts";
import type { App } from "../app-types.ts";
import { requires } from "../auth/requires.ts";
import { Bookmark, session } from "../bookmark.ts";
import { invalid } from "../errors.ts";
import { presentGroup } from "../present.ts";
import { refusals } from "../problems.ts";
import { count, json, queryInteger, success } from "../schemas/common.ts";
import { JobGroup } from "../schemas/group.ts";
import { text } from "../schemas/text.ts";

const Query = z.strictObject({
  limit: queryInteger(1, 100, 50),
  offset: queryInteger(0, 1_000_000_000, 0),
  sort: z.enum(SORT_FIELDS).default("createdAt"),
  order: z.enum(["asc", "desc"]).default("desc"),
  filter: z
    .string()
    .optional()
    .openapi({
      description:
        "A JSON object. Its fields are joined by AND; a scalar is equality, an array is `in`, an " +
        "object holds `$eq $ne $gt $gte $lt $lte $in $nin $exists`; `$and` and `$or` take arrays of " +
        "filters. Dotted names reach inside. Types are not coerced.",
      example: '{"status":["queued","processing"],"totalJobs":{"$gte":100}}',
    }),
  search: text(500).optional().openapi({
    description: "Case-insensitive substring of name, description, batchNumber or a tag.",
  }),
});

const JobGroupList = z
  .strictObject({
    success,
    data: z.array(JobGroup),
    total: count("Groups that match, on all pages."),
  })
  .openapi("JobGroupList");

const route = createRoute({
  operationId: "listJobGroups",
  method: "get",
  path: "/ocr-invoice-job-group",
  tags: ["Job groups"],
  summary: "List job groups",
  description:
    "A page of the groups, newest first unless `sort` and `order` say otherwise, with `total` over all " +
    "pages. An unknown parameter, field or operator, and a value of the wrong type, are refused with " +
    "what is allowed.",
  request: { query: Query, headers: Bookmark },
  ...requires("groups:read"),
  responses: { 200: json(JobGroupList, "A page of groups."), ...refusals() },
});

export const listJobGroups = (app: App) =>
  app.openapi(route, async (c) => {
    const { limit = 50, offset = 0, sort, order, filter, search } = c.req.valid("query");
    const parsed = filter === undefined ? undefined : parseFilter(filter);
    if (parsed?.ok === false) {
      throw invalid(parsed.problems.map((detail) => ({ parameter: "filter", detail })));
    }
    const { workspace } = c.get("principal");
    const { groups, total } = await listGroups(session(c), {
      workspace,
      limit,
      offset,
      sort,
      order,
      ...(parsed && { filter: parsed.filter }),
      ...(search !== undefined && { search }),
    });
    const now = Date.now();
    const data = groups.map((group) => presentGroup(group, now));
    return c.json({ success: true as const, data, total }, 200);
  });
