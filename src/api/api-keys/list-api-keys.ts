import { createRoute, z } from "@hono/zod-openapi";
import { readApiKeys } from "../../store/api-keys.ts";
import { operation } from "../../http/operation.ts";
import { administeredWorkspace } from "../../http/auth/authenticate.ts";
import { requires } from "../../http/auth/requires.ts";
import { Bookmark, directorySession } from "../../http/headers/bookmark.ts";
import { presentApiKey } from "./present.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { ApiKey } from "./schema.ts";
import { API_KEY } from "../examples.ts";
import { count } from "../../http/shapes/fields.ts";
import { json, success, envelope, ok } from "../../http/shapes/envelope.ts";
import { pageLimit, pageOffset } from "../../http/shapes/query.ts";

const Query = z.strictObject({
  limit: pageLimit,
  offset: pageOffset(),
});

const ApiKeyList = z
  .strictObject({ success, data: z.array(ApiKey), total: count("Number of keys on all pages.") })
  .openapi("ApiKeyList", { example: envelope({ data: [API_KEY], total: 1 }) });

const route = createRoute({
  operationId: "listApiKeys",
  method: "get",
  path: "/api-key",
  tags: ["API keys"],
  summary: "List API keys",
  description:
    "Lists the keys of the caller's workspace, newest first; the root key sees those of every " +
    "workspace. Expired and revoked keys are listed too. The keys themselves are not stored " +
    "and so not shown. `lastUsedAt` is updated at most once an hour.",
  request: { query: Query, headers: Bookmark },
  ...requires("keys:admin"),
  responses: { 200: json(ApiKeyList, "A page of keys."), ...refusals() },
});

export const listApiKeys = operation(route, async (c) => {
  const { limit, offset } = c.req.valid("query");
  const workspace = administeredWorkspace(c.get("principal"));
  const { keys, total } = await readApiKeys(directorySession(c), workspace, { limit, offset });
  return ok(c, { data: keys.map(presentApiKey), total });
});
