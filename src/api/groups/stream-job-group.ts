import { createRoute, z } from "@hono/zod-openapi";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { type CommittedGroup, isBeingCancelled, isEnded } from "../../domain/group.ts";
import type { AppContext } from "../../http/app-types.ts";
import { requires } from "../../http/auth/requires.ts";
import { operation } from "../../http/operation.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { primary } from "../../http/database.ts";
import { readGroup } from "../../store/read/reads.ts";
import { EVENT_STREAM } from "../examples.ts";
import { GroupParams } from "../params.ts";
import { groupNotFound } from "../send-command.ts";
import { presentGroup } from "./present.ts";
import { share, sharedRead } from "./shared-read.ts";

/** A Worker may ask D1 only so often in one invocation: 50 times on the free plan. */
const MAX_READS = 45;
const READ_EVERY_MS = 1_000;
const COMMENT_AFTER_MS = 15_000;

const LastEventId = z.object({
  "Last-Event-ID": z
    .string()
    .regex(/^[0-9a-f]{16}$/, "must be the id of an event.")
    .optional()
    .openapi({
      description:
        "The `id` of the last event seen. The group is not sent again while it is the same.",
    }),
});

const route = createRoute({
  operationId: "streamJobGroup",
  method: "get",
  path: "/ocr-invoice-job-group/{id}/events",
  tags: ["Job groups"],
  summary: "Watch a job group",
  description:
    "Sends server-sent events. `event: group` has the group's revision as `id` and the group as getJobGroup shows " +
    "it as `data`: once at the beginning, and then at each change that is seen, at most one a second. A comment " +
    "comes when nothing has been sent for 15 seconds. When the group has ended or is deleted, `event: end` comes " +
    "and the stream closes. It may close at any time, after three quarters of a minute at the latest: connect again " +
    "with the last `id` as `Last-Event-ID`, as EventSource does by itself. An ended group answers 204 to the `id` " +
    "of its last state, which stops an EventSource.",
  request: { params: GroupParams, query: NoQuery, headers: LastEventId },
  ...requires("groups:read"),
  responses: {
    200: {
      description: "The events.",
      content: { "text/event-stream": { schema: z.string(), example: EVENT_STREAM } },
    },
    204: { description: "The group has ended, and the client has seen its last state." },
    ...refusals("GROUP_NOT_FOUND"),
  },
});

export const streamJobGroup = operation(route, async (c) => {
  const { workspace } = c.get("principal");
  const groupId = c.req.valid("param").id;
  const seen = c.req.header("Last-Event-ID");
  const name = `${workspace}/${groupId}`;
  const read = () => readGroup(primary(c), workspace, groupId);
  const group = await read();
  if (group === undefined) throw groupNotFound();
  if (isOver(group) && seen === group.revision) return c.body(null, 204);
  share(name, group, Date.now());
  c.header("X-Accel-Buffering", "no");
  // Nobody reads the body of an answer to HEAD, so no stream may be begun.
  if (c.req.method === "HEAD") return c.text("", 200, EVENT_HEADERS) as never;
  return streamed(c, (stream) =>
    watch(stream, group, seen, () => sharedRead(name, read, Date.now())),
  );
});

const isOver = (group: CommittedGroup): boolean => isEnded(group) && !isBeingCancelled(group);

const EVENT_HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "private, no-cache, no-transform",
};

/** The events as an answer. The headers follow the library's own, which would let shared caches keep it. */
function streamed(c: AppContext, send: (stream: SSEStreamingApi) => Promise<void>): Response {
  const response = streamSSE(c, send);
  for (const [name, value] of Object.entries(EVENT_HEADERS)) response.headers.set(name, value);
  return response;
}

async function watch(
  stream: SSEStreamingApi,
  first: CommittedGroup,
  seen: string | undefined,
  next: () => Promise<CommittedGroup | undefined>,
): Promise<void> {
  let group: CommittedGroup | undefined = first;
  let sent = seen;
  let quietMs = 0;
  for (let reads = 1; !stream.aborted && reads <= MAX_READS; reads++) {
    if (group !== undefined && group.revision !== sent) {
      const data = JSON.stringify(presentGroup(group, Date.now()));
      await stream.writeSSE({ event: "group", id: group.revision, data });
      sent = group.revision;
      quietMs = 0;
    }
    if (group === undefined || isOver(group)) {
      const data = JSON.stringify({ status: group?.status ?? "deleted" });
      await stream.writeSSE({ event: "end", data });
      return;
    }
    if (quietMs >= COMMENT_AFTER_MS) {
      await stream.write(":\n\n");
      quietMs = 0;
    }
    await stream.sleep(READ_EVERY_MS);
    quietMs += READ_EVERY_MS;
    group = await next();
  }
}
