import { createRoute } from "@hono/zod-openapi";
import { claimCommand } from "../../coordinator/claim-command.ts";
import { claimPatiently } from "../../coordinator/claim-patiently.ts";
import { execute } from "../../coordinator/stub.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { assertGroupExists } from "../send-command.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { maxBody } from "../../http/input/limits.ts";
import { answerPatiently } from "./answer-patiently.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, json } from "../../http/shapes/envelope.ts";
import { GroupParams } from "../params.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { ClaimBody, ClaimResponse } from "./lease-schema.ts";

const route = createRoute({
  operationId: "claimJobs",
  method: "post",
  path: "/ocr-invoice-job-group/{id}/jobs/claim",
  tags: ["Processing"],
  summary: "Claim jobs of a group",
  description:
    "Leases the oldest claimable jobs to the caller. At most `parallelJobs` jobs of the group " +
    "are in `processing` at once. A lease lasts `timeoutMinutes`; an attempt that is not " +
    "reported by then has failed. With `heartbeatSeconds` it also ends after so long a silence: see heartbeat. When there is nothing to lease, `data` is empty and " +
    "`reason` says why. With `waitSeconds` such an answer is held back until a job can be claimed, for claims in " +
    "the order of their arrival; that of a group that has ended is not. A caller who is seen " +
    "to hang up is leased nothing. An answer that is held back has line breaks before its JSON. Send an `Idempotency-Key`: a claim repeated after a lost answer then " +
    "gets the same leases.",
  request: {
    params: GroupParams,
    query: NoQuery,
    headers: IdempotencyHeader,
    body: body(ClaimBody),
  },
  ...requires("jobs:process", maxBody()),
  responses: {
    200: { ...json(ClaimResponse, "The leases granted."), headers: REPLAYED_HEADER },
    ...refusals(...BODY_PROBLEMS, "GROUP_NOT_FOUND", "IDEMPOTENCY_KEY_REUSED"),
  },
});

export const claimJobs = operation(route, async (c) => {
  const { waitSeconds, ...claim } = c.req.valid("json");
  const idempotency = await idempotencyOf(c, route.operationId, claim);
  const command = claimCommand(claim);
  const { id: groupId } = c.req.valid("param");
  const { workspace, shard } = c.get("principal");
  await assertGroupExists(c, workspace, groupId);
  const request = { groupId, workspace, shard, command, ...(idempotency && { idempotency }) };
  return answerPatiently(c, {
    request,
    waitSeconds,
    // A claim that does not wait would end the waits under its key.
    look: () =>
      waitSeconds === 0
        ? execute(c.env, request)
        : claimPatiently(c.env, request, { waitMs: 0, signal: c.req.raw.signal }),
    wait: (caller) => claimPatiently(c.env, request, caller),
  });
});
