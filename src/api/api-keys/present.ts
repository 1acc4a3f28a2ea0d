import type { z } from "@hono/zod-openapi";
import type { ApiKey } from "../../domain/api-key.ts";
import { withoutEmpty, time, timeOrNull } from "../../http/shapes/values.ts";
import type { Principal } from "../../http/auth/principal.ts";
import type * as keys from "./schema.ts";

export const presentApiKey = ({
  id,
  workspace,
  name,
  scopes,
  ...times
}: ApiKey): z.output<typeof keys.ApiKey> =>
  withoutEmpty({
    id,
    workspace,
    name,
    scopes: [...scopes],
    createdAt: time(times.createdAt),
    expiresAt: timeOrNull(times.expiresAt),
    revokedAt: timeOrNull(times.revokedAt),
    lastUsedAt: timeOrNull(times.lastUsedAt),
  });

export const presentCaller = ({
  keyId,
  name,
  workspace,
  scopes,
  expiresAt,
}: Principal): z.output<typeof keys.CurrentApiKey> =>
  withoutEmpty({
    id: keyId,
    name,
    workspace,
    scopes: [...scopes],
    expiresAt: timeOrNull(expiresAt),
  });
