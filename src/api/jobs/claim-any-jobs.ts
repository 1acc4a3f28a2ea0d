import { createRoute } from "@hono/zod-openapi";
import { claimAnyPatiently, endWaits } from "../../coordinator/claim-any-patiently.ts";
import { claimAny } from "../../coordinator/claim-any.ts";
import { claimFilter } from "../../domain/claim-filter.ts";
import { requires } from "../../http/auth/requires.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { maxBody } from "../../http/input/limits.ts";
import { operation } from "../../http/operation.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, json } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { answerPatiently } from "./answer-patiently.ts";
import { ClaimAnyBody, ClaimResponse } from "./lease-schema.ts";

const route = createRoute({
  operationId: "claimAnyJobs",
  method: "post",
  path: "/ocr-invoice-job-group/jobs/claim",
  tags: ["Processing"],
  summary: "Claim jobs of any group",
  description:
    "Works as claimJobs does, over all groups. `urgent` groups come before `high`, `medium` " +
    "and `low` ones, and older groups before newer ones. Passed over are a group at its " +
    "`parallelJobs`, one whose jobs wait for a retry, and one that cannot be reached. When many " +
    "processors claim at once, they are spread over the groups of equal priority. The leases may " +
    "come from several groups. With `templates` or `tags` only groups with one of these templates " +
    "and one of these tags are asked, at the same cost however many others stand in line. With " +
    "`waitSeconds` an empty answer is held back until a job can be claimed; the groups are looked at " +
    "about once a second. A repeat under the same `Idempotency-Key` waits for the first claim and " +
    "answers its leases; one that does not wait ends the first one's wait.",
  request: { query: NoQuery, headers: IdempotencyHeader, body: body(ClaimAnyBody) },
  ...requires("jobs:process", maxBody()),
  responses: {
    200: { ...json(ClaimResponse, "The leases granted."), headers: REPLAYED_HEADER },
    ...refusals(...BODY_PROBLEMS, "IDEMPOTENCY_KEY_REUSED"),
  },
});

export const claimAnyJobs = operation(route, async (c) => {
  const { waitSeconds, ...asked } = c.req.valid("json");
  const { templates, tags, ...claim } = asked;
  const { workspace, shard } = c.get("principal");
  const idempotency = await idempotencyOf(c, route.operationId, asked);
  const wanted = {
    ...claim,
    workspace,
    shard,
    ...((templates ?? tags) && { filter: claimFilter(templates, tags) }),
    ...(idempotency && { idempotency }),
  };
  if (waitSeconds === 0) endWaits(wanted);
  return answerPatiently(c, {
    request: wanted,
    waitSeconds,
    look: () => claimAny(c.env, wanted),
    wait: (caller) => claimAnyPatiently(c.env, wanted, caller),
  });
});
