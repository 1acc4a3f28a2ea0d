import { createRoute } from "@hono/zod-openapi";
import { operation } from "../../http/operation.ts";
import { requiresAnyKey } from "../../http/auth/requires.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { dataOf, json, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { presentCaller } from "./present.ts";
import { CurrentApiKey } from "./schema.ts";

const route = createRoute({
  operationId: "getCurrentApiKey",
  method: "get",
  path: "/api-key/current",
  tags: ["API keys"],
  summary: "Get the key that is calling",
  description:
    "Shows the id, workspace, scopes and expiry of the key that the request carries. Any valid key may " +
    "ask, whatever its scopes. The root key has the id `root` and every scope.",
  request: { query: NoQuery },
  ...requiresAnyKey(),
  responses: { 200: json(dataOf(CurrentApiKey), "The calling key."), ...refusals() },
});

export const getCurrentApiKey = operation(route, (c) =>
  ok(c, { data: presentCaller(c.get("principal")) }),
);
