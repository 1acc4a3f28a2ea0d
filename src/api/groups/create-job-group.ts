import { createRoute } from "@hono/zod-openapi";
import { configOf } from "../../config.ts";
import { groupIdUnder, ID_LENGTH } from "../../domain/ids.ts";
import { randomHex } from "../../lib/hex.ts";
import { operation } from "../../http/operation.ts";
import { requires } from "../../http/auth/requires.ts";
import { send } from "../send-command.ts";
import {
  IdempotencyHeader,
  idempotencyOf,
  REPLAYED_HEADER,
} from "../../http/headers/idempotency.ts";
import { maxBody } from "../../http/input/limits.ts";
import { ETAG_HEADER, etag } from "../../http/headers/preconditions.ts";
import { presentGroup } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { body, json, envelope, created } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { GROUP_ID, NEW_GROUP } from "../examples.ts";
import { JobGroupInput, JobGroupResponse } from "./schema.ts";
import { sha256Hex } from "../../lib/sha256.ts";
import { identityOf, toGroupInput } from "./input.ts";

const route = createRoute({
  operationId: "createJobGroup",
  method: "post",
  path: "/ocr-invoice-job-group",
  tags: ["Job groups"],
  summary: "Create a job group",
  description:
    "Creates an empty group in status `created`. Add jobs to it, then release it to the " +
    "processors. Read-only fields in the body are ignored. Unknown fields are refused by " +
    "name. An invalid body creates nothing.",
  request: { query: NoQuery, headers: IdempotencyHeader, body: body(JobGroupInput) },
  ...requires("groups:write", maxBody()),
  responses: {
    201: {
      ...json(JobGroupResponse, "The new group.", envelope({ data: NEW_GROUP })),
      headers: {
        Location: {
          description: "Path of the new group.",
          schema: { type: "string" },
          example: `/ocr-invoice-job-group/${GROUP_ID}`,
        },
        ...ETAG_HEADER,
        ...REPLAYED_HEADER,
      },
    },
    ...refusals(...BODY_PROBLEMS, "IDEMPOTENCY_KEY_REUSED", "GROUP_DELETED", "GROUP_LIMIT"),
  },
});

export const createJobGroup = operation(route, async (c) => {
  const body = c.req.valid("json");
  const input = toGroupInput(body, configOf(c.env));
  const idempotency = await idempotencyOf(c, route.operationId, identityOf(input, body));
  const { workspace } = c.get("principal");
  const id = idempotency
    ? await groupIdUnder(workspace, idempotency.keyHash, sha256Hex)
    : randomHex(ID_LENGTH);
  const group = await send(c, id, { kind: "create", id, input }, idempotency);
  const data = presentGroup(group, Date.now());
  const headers = { Location: `${route.path}/${group.id}`, ...etag(group) };
  return created(c, { data }, headers);
});
