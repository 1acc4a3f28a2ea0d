import { createRoute } from "@hono/zod-openapi";
import { randomHex } from "../../lib/hex.ts";
import { insertApiKey } from "../../store/api-keys.ts";
import type { App } from "../../http/app-types.ts";
import { isRoot } from "../../http/auth/authenticate.ts";
import { newKey } from "../../http/auth/key-format.ts";
import { requires } from "../../http/auth/requires.ts";
import { session } from "../../http/headers/bookmark.ts";
import { maxBody } from "../../http/input/limits.ts";
import { presentApiKey } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { ApiKeyInput, CreatedApiKeyResponse } from "./schema.ts";
import { body, json } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { sha256Hex } from "../../lib/sha256.ts";

const route = createRoute({
  operationId: "createApiKey",
  method: "post",
  path: "/api-key",
  tags: ["API keys"],
  summary: "Create an API key",
  description:
    "Answers the key once: only its SHA-256 is stored, a lost key cannot be shown again. It works at " +
    "once and sees only the groups of its workspace. The root key may name any workspace; another key " +
    "only its own, and it gives only scopes that it has itself: more is refused with 403. As with every " +
    "operation the caller's key is judged first: 401, then 429, then 403, then all else.",
  request: { query: NoQuery, body: body(ApiKeyInput) },
  ...requires("keys:admin", maxBody(64)),
  responses: {
    201: json(CreatedApiKeyResponse, "The key; note it now."),
    ...refusals(...BODY_PROBLEMS),
  },
});

export const createApiKey = (app: App) =>
  app.openapi(route, async (c) => {
    const principal = c.get("principal");
    const { workspace = principal.workspace, expiresAt, ...input } = c.req.valid("json");
    const beyond = input.scopes.filter((scope) => !principal.scopes.includes(scope));
    if (beyond.length > 0) throw notGiven(`gives only scopes it has: not ${beyond.join(", ")}.`);
    if (workspace !== principal.workspace && !isRoot(principal)) {
      throw notGiven("creates keys only in its own workspace.");
    }
    const key = await newKey();
    const created = {
      ...input,
      id: randomHex(24),
      workspace,
      createdAt: Date.now(),
      expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
      revokedAt: null,
      lastUsedAt: null,
    };
    await insertApiKey(session(c), created, await sha256Hex(key));
    c.header("Cache-Control", "no-store");
    return c.json({ success: true as const, data: { ...presentApiKey(created), key } }, 201);
  });

const notGiven = (detail: string) => new ProblemError("INSUFFICIENT_SCOPE", `This key ${detail}`);
