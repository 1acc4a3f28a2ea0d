import { LIMITS } from "../../domain/limits.ts";
import type { MiddlewareHandler } from "hono";
import type { AppContext, AppEnv } from "../app-types.ts";
import { invalid } from "../problems/errors.ts";
import { ProblemError } from "../problems/problem-error.ts";
import { holdLargeBody, inTurn } from "../turns.ts";

const KIB = 1024;

/** Refuses larger bodies. Operations without a body use it too. */
export function limitBody(kib: number = LIMITS.bodyKib): MiddlewareHandler<AppEnv> {
  const bytes = kib * KIB;
  return async function limitBody(c, next) {
    const { body } = c.req.raw;
    if (body === null) return next();
    const declared = declaredLength(c.req.raw);
    const held = declared === undefined ? await readUpTo(bytes, body) : null;
    if (held === undefined || (declared ?? 0) > bytes) {
      throw new ProblemError("BODY_TOO_LARGE", `The body must have at most ${kib} KiB.`);
    }
    if (held !== null) c.req.raw = new Request(c.req.raw, { method: c.req.method, body: held });
    await next();
  };
}

/** The whole body, or `undefined` when it is larger. The rest then stays in the stream, for `drainBody`. */
async function readUpTo(
  limit: number,
  body: ReadableStream<Uint8Array>,
): Promise<Blob | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body.values({ preventCancel: true })) {
    bytes += chunk.length;
    if (bytes > limit) return undefined;
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

/**
 * Refuses larger bodies before they are read into memory. Then refuses text that is not UTF-8 or nests too deep. A large body
 * waits for its turn before it is looked at: what is done with it is as large.
 */
export function maxBody(
  kib: number = LIMITS.bodyKib,
  largeKib: number = LIMITS.largeBodyKib,
): MiddlewareHandler<AppEnv> {
  const limit = limitBody(kib);
  return function readPlainBody(c, next) {
    assertUncompressed(c);
    const read = async () => {
      await limit(c, async () => {
        const bytes = new Uint8Array(await c.req.raw.arrayBuffer());
        const goOn = async () => {
          assertPlain(c, bytes);
          await next();
        };
        await (bytes.length > largeKib * KIB ? inTurn(c, goOn) : goOn());
      });
    };
    const declared = declaredLength(c.req.raw) ?? kib * KIB;
    return declared > largeKib * KIB ? holdLargeBody(c, read) : read();
  };
}

/** The length of the body; `undefined` when the client does not say. */
export function declaredLength({ headers }: Request): number | undefined {
  const declared = headers.has("transfer-encoding") ? null : headers.get("content-length");
  return declared === null ? undefined : Number(declared);
}

/** RFC 9110, 15.5.16: the answer says which encodings would do. */
export function assertUncompressed(c: AppContext): void {
  const encoding = c.req.header("Content-Encoding")?.trim().toLowerCase() ?? "identity";
  if (encoding === "identity") return;
  c.header("Accept-Encoding", "identity");
  throw new ProblemError("UNSUPPORTED_MEDIA_TYPE", "The body must have no Content-Encoding.");
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: false });

function assertPlain(c: AppContext, bytes: Uint8Array): void {
  try {
    // Hono parses what is cached here. Left to itself it would put the bytes into a Response to decode them again.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(UTF_8.decode(bytes)) });
  } catch {
    throw new ProblemError("MALFORMED_JSON", "The body is not valid UTF-8.");
  }
  if (isDeeper(bytes, LIMITS.jsonDepth)) {
    throw invalid([{ pointer: "", detail: `must be at most ${LIMITS.jsonDepth} levels deep.` }]);
  }
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/** Counts brackets in the bytes, because parsing deep nesting into values could exhaust the stack. */
export function isDeeper(json: Uint8Array, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < json.length; index++) {
    const byte = json[index] ?? 0;
    if (byte === QUOTE) inString = !inString;
    else if (inString) index += byte === BACKSLASH ? 1 : 0;
    else if (CLOSING.has(byte)) depth--;
    else if (OPENING.has(byte) && ++depth > limit) return true;
  }
  return false;
}
