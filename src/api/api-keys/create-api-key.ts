import { createRoute } from "@hono/zod-openapi";
import { grantFault, newApiKey } from "../../domain/api-key.ts";
import { ID_LENGTH } from "../../domain/ids.ts";
import { randomHex } from "../../lib/hex.ts";
import { insertApiKey } from "../../store/api-keys.ts";
import { placeWorkspace } from "../../store/place-workspace.ts";
import { audit } from "../../http/audit.ts";
import { operation } from "../../http/operation.ts";
import { administeredWorkspace, DEFAULT_WORKSPACE } from "../../http/auth/authenticate.ts";
import { configOf } from "../../config.ts";
import type { Principal } from "../../http/auth/principal.ts";
import { newKey } from "../../http/auth/key-format.ts";
import { requires } from "../../http/auth/requires.ts";
import { directorySession } from "../../http/headers/bookmark.ts";
import { maxBody } from "../../http/input/limits.ts";
import { presentApiKey } from "./present.ts";
import { BODY_PROBLEMS, refusals } from "../../http/problems/refusals.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { ApiKeyInput, CreatedApiKeyResponse } from "./schema.ts";
import { body, json, created } from "../../http/shapes/envelope.ts";
import { NoQuery } from "../../http/shapes/query.ts";
import { sha256Hex } from "../../lib/sha256.ts";

const route = createRoute({
  operationId: "createApiKey",
  method: "post",
  path: "/api-key",
  tags: ["API keys"],
  summary: "Create an API key",
  description:
    "The answer shows the key, once: only its SHA-256 is stored, so a lost key cannot be " +
    "shown again. The key works at once and sees only the groups of its workspace. The root " +
    "key may name any workspace. Any other key may name only its own, and gives only scopes " +
    "that it has itself; more is refused with 403. As in every operation, faults of the " +
    "caller's key are answered before all others: 401, then 429, then 403.",
  request: { query: NoQuery, body: body(ApiKeyInput) },
  ...requires("keys:admin", maxBody()),
  responses: {
    201: json(CreatedApiKeyResponse, "The new key. Store it now."),
    ...refusals(...BODY_PROBLEMS, "API_KEY_LIMIT"),
  },
});

export const createApiKey = operation(route, async (c) => {
  const { expiresAt, workspace = c.get("principal").workspace, ...rest } = c.req.valid("json");
  const grant = { ...rest, workspace, expiresAt: expiresAt ?? null };
  const fault = grantFault(grantorOf(c.get("principal")), grant);
  if (fault !== null) throw new ProblemError("INSUFFICIENT_SCOPE", fault);
  await placeWorkspace(c.env, workspace, DEFAULT_WORKSPACE);
  const { quotas, apiKeySecrets } = configOf(c.env);
  const key = await newKey(apiKeySecrets);
  const apiKey = newApiKey(randomHex(ID_LENGTH), grant, Date.now());
  if (!(await insertApiKey(directorySession(c), apiKey, await sha256Hex(key), quotas.apiKeys))) {
    const detail = `The workspace ${workspace} has ${quotas.apiKeys} keys that are not revoked, and may not have more.`;
    throw new ProblemError("API_KEY_LIMIT", detail);
  }
  audit(c, "createApiKey", { apiKeyId: apiKey.id, workspace, scopes: apiKey.scopes });
  c.header("Cache-Control", "no-store");
  return created(c, { data: { ...presentApiKey(apiKey), key } });
});

const grantorOf = (principal: Principal) => ({
  scopes: principal.scopes,
  workspace: administeredWorkspace(principal),
});
