import { createRoute, z } from "@hono/zod-openapi";
import { revokeApiKey as revoke } from "../../store/api-keys.ts";
import type { App } from "../app-types.ts";
import { reach } from "../auth/authenticate.ts";
import { forgetKeys } from "../auth/known-keys.ts";
import { requires } from "../auth/requires.ts";
import { session } from "../bookmark.ts";
import { limitBody } from "../limits.ts";
import { ProblemError, refusals } from "../problems.ts";
import { API_KEY } from "../schemas/examples.ts";
import { Done, json, NoQuery } from "../schemas/common.ts";

const KeyParams = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    description: "The key's id, as it was answered beside the key: not the key itself.",
    example: API_KEY.id,
  }),
});

const DONE = { success: true as const, message: "The API key was revoked." };

const route = createRoute({
  operationId: "revokeApiKey",
  method: "delete",
  path: "/api-key/{id}",
  tags: ["API keys"],
  summary: "Revoke an API key",
  description:
    "The key is refused with 401 within 60 seconds, as long as an instance of the server may remember " +
    "having seen it. Final; repeating it is harmless. A key may revoke itself. An unknown id and one of " +
    "another workspace answer the same 404.",
  request: { params: KeyParams, query: NoQuery },
  ...requires("keys:admin", limitBody()),
  responses: {
    200: json(Done, "The key is revoked.", DONE),
    ...refusals("BODY_TOO_LARGE", "API_KEY_NOT_FOUND"),
  },
});

export const revokeApiKey = (app: App) =>
  app.openapi(route, async (c) => {
    const { id } = c.req.valid("param");
    if (!(await revoke(session(c), reach(c.get("principal")), id, Date.now()))) {
      throw new ProblemError("API_KEY_NOT_FOUND", "There is no API key with this id.");
    }
    forgetKeys();
    return c.json(DONE, 200);
  });
