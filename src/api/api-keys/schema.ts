import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import { SCOPES } from "../../domain/api-key.ts";
import { dataOf } from "../../http/shapes/envelope.ts";
import { dateTime } from "../../http/shapes/fields.ts";
import { API_KEY, API_KEY_INPUT, CREATED_API_KEY, CURRENT_API_KEY } from "../examples.ts";
import { text } from "../../http/shapes/text.ts";

const workspace = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/,
    "must have 1 to 63 lower-case letters, digits and hyphens, and no hyphen at an end.",
  );
const name = text(LIMITS.label).openapi({ description: "The purpose of the key, for people." });
const scopes = z
  .array(z.enum(SCOPES))
  .min(1)
  .max(SCOPES.length)
  .refine((given) => new Set(given).size === given.length, "must not repeat a scope.")
  .openapi({
    uniqueItems: true,
    description: "The operations that the key may call, by scope.",
    example: ["groups:read"],
  });

export const ApiKeyInput = z
  .strictObject({
    name,
    workspace: workspace.optional().openapi({
      description:
        "The workspace whose groups the key sees. The default is the workspace of the caller's key.",
      example: "accounting",
    }),
    scopes,
    expiresAt: z.iso
      .datetime({
        offset: true,
        error: "must be a time with Z or an offset, such as 2027-01-31T00:00:00Z.",
      })
      .transform((time) => Date.parse(time))
      .refine((time) => !(time <= Date.now()), "must lie in the future.")
      .optional()
      .openapi({
        description: "The key is refused from this time on. Without it the key does not expire.",
      }),
  })
  .openapi("ApiKeyInput", { example: API_KEY_INPUT });

const fields = {
  id: z.string().openapi({ example: API_KEY.id }),
  name,
  workspace,
  scopes,
  createdAt: dateTime("Time at which the key was created."),
  expiresAt: dateTime("The key is refused from this time on.").optional(),
  revokedAt: dateTime("Time at which the key was revoked.").optional(),
  lastUsedAt: dateTime("Last use of the key, to the hour.").optional(),
};

export const ApiKey = z.strictObject(fields).openapi("ApiKey", { example: API_KEY });

const { id, expiresAt } = fields;

export const CurrentApiKey = z
  .strictObject({ id, name, workspace, scopes, expiresAt })
  .openapi("CurrentApiKey", { example: CURRENT_API_KEY });

export const CreatedApiKey = z
  .strictObject({
    ...fields,
    key: z.string().openapi({
      description: "The key itself. It is shown here and never again.",
    }),
  })
  .openapi("CreatedApiKey", { example: CREATED_API_KEY });

export const CreatedApiKeyResponse = dataOf(CreatedApiKey);
