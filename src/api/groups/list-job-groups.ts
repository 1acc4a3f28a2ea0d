import { LIMITS } from "../../domain/limits.ts";
import { createRoute, z } from "@hono/zod-openapi";
import { CHOSEN_FIELDS, isIndexed, SORTED_FIELDS } from "../../store/read/list/access-path.ts";
import { SORT_FIELDS, type SortField } from "../../store/read/list/fields.ts";
import { listGroups, type ListPage, type TooBroad } from "../../store/read/list/list-groups.ts";
import { parseFilter } from "../../store/read/list/parse-filter.ts";
import type { AppContext } from "../../http/app-types.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, bookmarkIn, listSession } from "../../http/headers/bookmark.ts";
import { invalid } from "../../http/problems/errors.ts";
import { presentGroup } from "./present.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { count } from "../../http/shapes/fields.ts";
import { json, success, envelope, ok } from "../../http/shapes/envelope.ts";
import { pageLimit, pageOffset } from "../../http/shapes/query.ts";
import { GROUP } from "../examples.ts";
import { JobGroup } from "./schema.ts";
import { text } from "../../http/shapes/text.ts";
import { dearWork, equalReads } from "../../http/turns.ts";
import { SharedReads } from "../../lib/shared-reads.ts";
import { thousands } from "../../lib/thousands.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { decodeCursor, encodeCursor, type ListIdentity } from "./cursor.ts";

const { list: LIST } = LIMITS;

function readFilter(text: string, context: z.RefinementCtx) {
  const parsed = parseFilter(text);
  if (parsed.ok) return { text, tree: parsed.filter };
  for (const problem of parsed.problems) context.addIssue(problem);
  return z.NEVER;
}

const Query = z.strictObject({
  limit: pageLimit,
  offset: pageOffset(LIMITS.groupOffset).openapi({
    description:
      "Number of groups to skip. Every skipped group costs time; `cursor` avoids it. Beyond " +
      `${thousands(LIST.passed)} groups only \`cursor\` goes on.`,
  }),
  cursor: z
    .string()
    .optional()
    .openapi({
      description:
        "The `nextCursor` of the page before. Send it with the same `sort`, `order`, `filter` and `search`, and " +
        "without `offset`. Groups that are created or changed meanwhile never make a page repeat or skip another.",
    }),
  sort: z
    .enum(SORT_FIELDS)
    .default("createdAt")
    .openapi({
      description:
        "Field to sort by. Groups with the same value are sorted by age. Sorting by `createdAt`, `name`, " +
        "`priority` or `status` uses an index; another field sorts all groups that match, so there may be at most " +
        `${thousands(LIST.examined)} of them.`,
    }),
  order: z.enum(["asc", "desc"]).default("desc").openapi({ description: "Direction of `sort`." }),
  filter: z
    .string()
    .transform(readFilter)
    .optional()
    .openapi({
      type: "string",
      description:
        "A JSON object. A group matches when all its fields match. A scalar means equal, an array means one " +
        "of, and an object holds the operators `$eq $ne $gt $gte $lt $lte $in $nin $exists`. `$and` and " +
        "`$or` take arrays of filters. A dotted name is a nested field. Types are not converted.",
      example: '{"status":["queued","processing"],"totalJobs":{"$gte":100}}',
    }),
  search: text(LIMITS.search).optional().openapi({
    description:
      "Text to find in the name, the description, the batchNumber or a tag, in any case.",
  }),
});

const JobGroupList = z
  .strictObject({
    success,
    data: z.array(JobGroup),
    total: count("Number of matching groups on all pages, or at least so many: see `totalCapped`."),
    totalCapped: z
      .literal(true)
      .optional()
      .openapi({
        description:
          "Present when the groups were counted up to a bound: there may be more than `total`, which is never below " +
          "what the pages so far have shown. The total of a list without filter and search, or by `status` and `priority` " +
          `alone, is always exact; by other fields up to ${thousands(LIST.counted)} groups, by \`template\` and \`tags\` up to ` +
          `${thousands(LIST.countedOfCommon)}, and where a condition has no index as long as no more than ` +
          `${thousands(LIST.examined)} groups have to be looked at.`,
      }),
    nextCursor: z.string().optional().openapi({
      description: "The `cursor` of the next page. The last page has none.",
    }),
  })
  .openapi("JobGroupList", { example: envelope({ data: [GROUP], total: 1 }) });

const route = createRoute({
  operationId: "listJobGroups",
  method: "get",
  path: "/ocr-invoice-job-group",
  tags: ["Job groups"],
  summary: "List job groups",
  description:
    "Shows a page of the groups, newest first unless `sort` and `order` say otherwise, and " +
    "the `total` over all pages. Follow `nextCursor` from page to page: every page then costs " +
    "the same, which is not so with `offset`. Refused are an unknown parameter, field or " +
    "operator, a value of the wrong type, and a cursor of another list; the answer says what " +
    "is allowed. A request has bounded work: where more than " +
    `${thousands(LIST.examined)} groups would have to be looked at, the answer is 400 \`LIST_TOO_BROAD\` and says which ` +
    "condition to add.",
  request: { query: Query, headers: Bookmark },
  ...requires("groups:read"),
  responses: { 200: json(JobGroupList, "A page of groups."), ...refusals("LIST_TOO_BROAD") },
});

/** Skipping so many groups costs no more than reading a page. */
const FREE = 1_000;

/** Equal lists share a read. Dear ones take turns with other dear work of the workspace. */
const reads = new SharedReads<{ read: ListPage | TooBroad; bookmark: string | null }>();

export const listJobGroups = operation(route, async (c) => {
  const { limit, offset, cursor, sort, order, filter, search } = c.req.valid("query");
  const { workspace, shard } = c.get("principal");
  const identity: ListIdentity = [workspace, sort, order, filter?.text, search];
  const position = cursor === undefined ? undefined : await decodeCursor(identity, cursor);
  const problems = [
    ...(cursor !== undefined && position === undefined ? at("cursor", NOT_OF_THIS_LIST) : []),
    ...(cursor !== undefined && isGiven(c, "offset") ? at("offset", NOT_WITH_A_CURSOR) : []),
  ];
  if (problems.length > 0) throw invalid(problems);
  const query = { workspace, limit, offset, position, sort, order, filter: filter?.tree, search };
  const key = JSON.stringify([...identity, shard, limit, offset, position, bookmarkIn(c)]);
  const isDear = filter !== undefined || search !== undefined || !isIndexed(sort) || offset > FREE;
  const turn = isDear ? { lane: workspace, turns: dearWork } : { lane: key, turns: equalReads };
  const shared = reads.read({ key, ...turn, signal: c.req.raw.signal }, async () => {
    const read = await listGroups(listSession(c), query);
    return { read, bookmark: c.get("bookmark")?.() ?? null };
  });
  // Others may wait for it when this caller has hung up.
  c.executionCtx.waitUntil(shared.catch(() => undefined));
  const { read: page, bookmark } = await shared;
  c.set("bookmark", () => bookmark);
  if (page === "examined") throw tooBroad(sort);
  if (page === "passed") throw tooDeep();
  const now = Date.now();
  const data = page.groups.map((group) => presentGroup(group, now));
  const nextCursor = page.position && (await encodeCursor(identity, page.position));
  const next = nextCursor === null ? {} : { nextCursor };
  const capped = page.isCapped ? { totalCapped: true as const } : {};
  return ok(c, { data, total: page.total, ...capped, ...next });
});

const tooBroad = (sort: SortField) =>
  new ProblemError(
    "LIST_TOO_BROAD",
    `More than ${thousands(LIST.examined)} groups, or very long texts, would have to be looked at for this list.`,
    [
      ...(isIndexed(sort)
        ? []
        : at("sort", `must be ${SORTED_FIELDS.join(", ")} for so many groups.`)),
      ...at(
        "filter",
        `needs a further condition: a value of ${CHOSEN_FIELDS.join(", ")}, or a range of createdAt.`,
      ),
    ],
  );

const tooDeep = () =>
  new ProblemError(
    "LIST_TOO_BROAD",
    `An offset skips at most ${thousands(LIST.passed)} groups. Follow \`nextCursor\` from page to page.`,
    at("offset", "must be given as the cursor of the page before."),
  );

const NOT_OF_THIS_LIST =
  "must be the nextCursor of a page with the same sort, order, filter and search; begin again without it.";
const NOT_WITH_A_CURSOR =
  "cannot be given beside a cursor, which says itself where the page begins.";

/** `true` when the request names the parameter itself, rather than getting its default. */
const isGiven = (c: AppContext, parameter: string) => c.req.query(parameter) !== undefined;

const at = (parameter: string, detail: string) => [{ parameter, detail }];
