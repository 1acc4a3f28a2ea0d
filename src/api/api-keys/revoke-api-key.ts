import { createRoute, z } from "@hono/zod-openapi";
import { revokeApiKey as revoke } from "../../store/api-keys.ts";
import { audit } from "../../http/audit.ts";
import { operation } from "../../http/operation.ts";
import { administeredWorkspace } from "../../http/auth/authenticate.ts";
import { forgetKeys } from "../../http/auth/known-keys.ts";
import { requires } from "../../http/auth/requires.ts";
import { directorySession } from "../../http/headers/bookmark.ts";
import { limitBody } from "../../http/input/limits.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { refusals } from "../../http/problems/refusals.ts";
import { API_KEY } from "../examples.ts";
import { Done, json, envelope, ok } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";

const KeyParams = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    description:
      "The key's `id`, which createApiKey and listApiKeys show. It is not the key itself.",
    example: API_KEY.id,
  }),
});

const DONE = { message: "The API key was revoked." };

const route = createRoute({
  operationId: "revokeApiKey",
  method: "delete",
  path: "/api-key/{id}",
  tags: ["API keys"],
  summary: "Revoke an API key",
  description:
    "The key is refused with 401 within 60 seconds: until then an instance of the server may " +
    "still remember it. Revoking is final, and repeating it is harmless. A key may revoke " +
    "itself. An unknown id and an id of another workspace get the same 404.",
  request: { params: KeyParams, query: NoQuery },
  ...requires("keys:admin", limitBody()),
  responses: {
    200: json(Done, "The key is revoked.", envelope(DONE)),
    ...refusals("BODY_TOO_LARGE", "API_KEY_NOT_FOUND"),
  },
});

export const revokeApiKey = operation(route, async (c) => {
  const { id } = c.req.valid("param");
  if (
    !(await revoke(directorySession(c), administeredWorkspace(c.get("principal")), id, Date.now()))
  ) {
    throw new ProblemError("API_KEY_NOT_FOUND", "There is no API key with this id.");
  }
  forgetKeys();
  audit(c, "revokeApiKey", { apiKeyId: id });
  return ok(c, DONE);
});
