import { createRoute, z } from "@hono/zod-openapi";
import { LIMITS } from "../../domain/limits.ts";
import type { AppContext } from "../../http/app-types.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, listSession } from "../../http/headers/bookmark.ts";
import { operation } from "../../http/operation.ts";
import { inTurn } from "../../http/turns.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { readGroup } from "../../store/read/reads.ts";
import { RESULTS_CSV, RESULTS_NDJSON } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { groupNotFound } from "../send-command.ts";
import { RunningExports } from "./running-exports.ts";
import { CONTENT_TYPES, formatOf } from "./formats.ts";
import { ResultsQuery } from "./query.ts";
import { streamResults, type Turn } from "./stream-results.ts";

const route = createRoute({
  operationId: "exportResults",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/results",
  tags: ["Jobs"],
  summary: "Export a group's results",
  description:
    "Streams the jobs of the group in the order they were added, one a line: as JSON with the extracted data, " +
    "or as CSV (RFC 4180). The group may still run: jobs that finish meanwhile are there or not, and none is there " +
    "twice. A text that a spreadsheet would run as a formula has an apostrophe in front in the CSV. When the " +
    "group is deleted meanwhile, or the answer becomes longer than about 700 MB, the connection breaks off: an export " +
    "that ends properly is whole. Go on from the last whole line with `after`. Exports that run at the same time take turns, " +
    `and a workspace runs at most about ${LIMITS.exportsAtOnce} of them.`,
  request: { params: GroupParams, query: ResultsQuery, headers: Bookmark },
  ...requires("groups:read"),
  responses: {
    200: {
      description: "The results.",
      headers: {
        "Content-Disposition": {
          description: "Names a file.",
          schema: { type: "string" as const },
        },
      },
      content: {
        // Generated clients take what is not declared as JSON or text for binary, and so say what they give.
        [CONTENT_TYPES.ndjson]: {
          schema: z.string().openapi({ format: "binary" }),
          example: RESULTS_NDJSON,
        },
        [CONTENT_TYPES.csv]: { schema: z.string(), example: RESULTS_CSV },
      },
    },
    ...refusals("GROUP_NOT_FOUND"),
  },
});

const BOM = "\uFEFF";
const exports = new RunningExports(LIMITS.exportsAtOnce);

const tooMany = () => {
  const detail = `The workspace has ${LIMITS.exportsAtOnce} exports under way. Begin another when one of them has ended.`;
  return new ProblemError("RATE_LIMITED", detail);
};

/** The turns of this export until it ends, or its client hangs up. */
function enter(c: AppContext, workspace: string): Turn {
  const running = exports.enter(workspace);
  if (running === undefined) throw tooMany();
  const { signal } = c.req.raw;
  const leave = () => exports.leave(running);
  signal.addEventListener("abort", leave);
  const take: Turn["take"] = (work) => {
    exports.goOn(running);
    return inTurn(c, () => {
      signal.throwIfAborted();
      return work();
    });
  };
  return { take, leave };
}

export const exportResults = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const { format, status, fields, after, bom } = c.req.valid("query");
  // Before the database is asked. A HEAD is no export.
  if (c.req.method !== "HEAD" && exports.isFull(workspace)) throw tooMany();
  const groupId = c.req.valid("param").id;
  const db = listSession(c);
  const group = await readGroup(db, workspace, groupId);
  if (group === undefined) throw groupNotFound();
  const { head, line } = formatOf(format, fields);
  const withData = format === "ndjson" || fields.length > 0;
  const start = (bom ? BOM : "") + (after === undefined ? head : "");
  const charset = format === "csv" ? "; charset=utf-8" : "";
  const headers = {
    "Content-Type": CONTENT_TYPES[format] + charset,
    "Content-Disposition": `attachment; filename="results-${groupId}.${format}"`,
  };
  if (c.req.method === "HEAD") return c.body(null, 200, headers) as never;
  const request = { group, statuses: status, withData, after };
  // Streamed, so that memory does not grow with the group; a stream has no type.
  return c.body(
    streamResults(db, request, start, line, enter(c, workspace)),
    200,
    headers,
  ) as never;
});
