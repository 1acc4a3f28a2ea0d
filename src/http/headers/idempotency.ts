import { LIMITS } from "../../domain/limits.ts";
import { z } from "@hono/zod-openapi";
import type { AppContext } from "../app-types.ts";
import { sha256Hex } from "../../lib/sha256.ts";

const { idempotencyKey: MAX_LENGTH } = LIMITS;
const NAME = "Idempotency-Key";
/** A string as RFC 8941 writes it, or the same text without the quotes. */
const KEY = new RegExp(`^(?:"[!-~]{1,${MAX_LENGTH}}"|[!#-~][!-~]{0,${MAX_LENGTH - 1}})$`);

/** The header as a route declares it. `idempotencyOf` reads it. */
export const IdempotencyHeader = z.object({
  [NAME]: z
    .string()
    .regex(KEY, `must have 1 to ${MAX_LENGTH} visible ASCII characters.`)
    .optional()
    .openapi({
      description:
        `At most ${MAX_LENGTH} visible ASCII characters, quoted or bare. A repeat of the request with the ` +
        "same key within 24 hours gets the first answer again, with `idempotent-replayed: true`. A request " +
        "that changed nothing, such as an empty claim or a refusal, is decided anew.",
      example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    }),
});

/** The answer's header of every route that takes an Idempotency-Key. */
export const REPLAYED_HEADER = {
  "idempotent-replayed": {
    description:
      "`true` when this answer was first given to an earlier request with the same Idempotency-Key.",
    schema: { type: "string" as const, enum: ["true"] },
  },
};

/** Removes the quotes of an RFC 8941 string. */
function bare(header: string): string {
  return /^"(.*)"$/.exec(header)?.[1] ?? header;
}

/** A request's Idempotency-Key, hashed, and a hash of the request it came with. */
interface KeyedRequest {
  readonly operation: string;
  readonly keyHash: string;
  readonly fingerprint: string;
}

/** The request's key; `undefined` when it has none. */
export async function idempotencyOf(
  c: AppContext,
  operation: string,
  body: unknown = null,
): Promise<KeyedRequest | undefined> {
  const header = c.req.header(NAME);
  if (header === undefined) return undefined;
  const [keyHash, fingerprint] = await Promise.all([
    sha256Hex(bare(header)),
    sha256Hex(`${c.req.path}\n${JSON.stringify(body)}`),
  ]);
  return { operation, keyHash, fingerprint };
}
