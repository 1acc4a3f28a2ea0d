import { createRoute } from "@hono/zod-openapi";
import { beatLeases, type HeldLease } from "../../coordinator/beat-leases.ts";
import { isId, isLeaseId } from "../../domain/ids.ts";
import { LIMITS } from "../../domain/limits.ts";
import { requires } from "../../http/auth/requires.ts";
import { maxBody } from "../../http/input/limits.ts";
import { operation } from "../../http/operation.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { knownAmong } from "../send-command.ts";
import { HeartbeatBody, HeartbeatResponse } from "./heartbeat-schema.ts";
import { presentBeat } from "./present.ts";

const route = createRoute({
  operationId: "heartbeat",
  method: "post",
  path: "/ocr-invoice-job-group/jobs/heartbeat",
  tags: ["Processing"],
  summary: "Keep leases alive",
  description:
    `Tells that the processor still works on up to ${LIMITS.leasesPerHeartbeat} leases, of any groups. A lease ` +
    "that was claimed with `heartbeatSeconds` then ends so long after this call, and never after the end of its " +
    "attempt. No call moves an end earlier. A lease claimed without `heartbeatSeconds` is answered with its end " +
    "and stays as it is. A lease that has ended is answered `LEASE_LOST`, in its place and with status 200: it was " +
    "reported, timed out or cancelled, or there is no such lease. Stop the work on it. No call revives it. When one " +
    "of the groups cannot be reached, the whole call is answered 503, because nobody knows of its leases. Send it " +
    "again: a beat may be repeated. A beat changes neither the group's `ETag` nor an `updatedAt`. Call at least three " +
    "times in `heartbeatSeconds`, so that one call may be lost.",
  request: { query: NoQuery, body: body(HeartbeatBody) },
  ...requires("jobs:process", maxBody()),
  responses: {
    200: json(HeartbeatResponse, "The leases of the request, in its order."),
    ...refusals(...BODY_PROBLEMS),
  },
});

export const heartbeat = operation(route, async (c) => {
  const { leases } = c.req.valid("json");
  const groupIds = await knownAmong(
    c,
    leases.map(({ groupId }) => groupId),
  );
  const mayBeHeld = ({ groupId, jobId, leaseId }: HeldLease) =>
    groupIds.has(groupId) && isId(jobId) && isLeaseId(leaseId);
  const sent = leases.filter(mayBeHeld);
  const outcome = await beatLeases(c.env, c.get("principal"), sent);
  if (!outcome.ok) throw new ProblemError(outcome.refusal.code, outcome.refusal.detail);
  const ends = new Map(sent.map((lease, index) => [lease, outcome.leaseEnds[index]]));
  return ok(c, { data: leases.map((lease) => presentBeat(lease, ends.get(lease) ?? null)) });
});
