import { hex } from "../../lib/hex.ts";
import type { AppContext } from "../../http/app-types.ts";
import { etag, isNotModified } from "../../http/headers/preconditions.ts";
import { ProblemError } from "../../http/problems/problem-error.ts";
import { byteRange, type ByteRange } from "./byte-range.ts";
import { contentDisposition } from "./content-disposition.ts";

/** The request headers that can make the answer less than the whole document. */
const SELECTIVE = ["If-None-Match", "Range"];

/** Answers a stored document, or the part of it that the request's headers ask for. */
export async function answerDocument(
  c: AppContext,
  bucket: R2Bucket,
  name: string,
): Promise<Response> {
  const isHead = c.req.method === "HEAD";
  const isWhole = !isHead && SELECTIVE.every((header) => c.req.header(header) === undefined);
  if (isWhole) return answerWhole(c, found(await bucket.get(name)));
  const object = found(await bucket.head(name));
  const revision = revisionOf(object);
  if (isNotModified(c, { revision })) return c.body(null, 304, etag({ revision }));
  const range = rangeOf(c, object);
  if (range === undefined) {
    if (isHead) return c.body(null, 200, headersOf(object, object.size));
    return answerWhole(c, found(await bucket.get(name)));
  }
  const { offset, length } = range;
  const headers = {
    ...headersOf(object, length),
    "Content-Range": `bytes ${offset}-${offset + length - 1}/${object.size}`,
  };
  if (isHead) return c.body(null, 206, headers);
  return c.body(found(await bucket.get(name, { range })).body, 206, headers);
}

const answerWhole = (c: AppContext, object: R2ObjectBody): Response =>
  c.body(object.body, 200, headersOf(object, object.size));

function found<Found extends R2Object>(object: Found | null): Found {
  if (object !== null) return object;
  throw new ProblemError("DOCUMENT_NOT_FOUND", "The document is deleted.");
}

/** The range counts only for the copy that `If-Range` names. */
function rangeOf(c: AppContext, object: R2Object): ByteRange | undefined {
  const wanted = c.req.header("If-Range");
  const isSame = wanted === undefined || wanted === etag({ revision: revisionOf(object) }).ETag;
  const range = isSame ? byteRange(c.req.header("Range"), object.size) : undefined;
  if (range !== null) return range;
  c.header("Content-Range", `bytes */${object.size}`);
  throw new ProblemError("RANGE_NOT_SATISFIABLE", `The document has ${object.size} bytes.`);
}

/** A document never changes: its hash is its revision. */
const revisionOf = ({ checksums, httpEtag }: R2Object): string =>
  checksums.sha256 === undefined
    ? httpEtag.replaceAll('"', "")
    : hex(new Uint8Array(checksums.sha256));

/** Whatever a document holds, a browser runs none of it in our origin: it saves the file, as the type that we say it has. */
const headersOf = (object: R2Object, length: number): Record<string, string> => ({
  ...etag({ revision: revisionOf(object) }),
  "Content-Type": object.httpMetadata?.contentType ?? "application/octet-stream",
  "Content-Length": String(length),
  "Content-Disposition": contentDisposition(
    decodeURIComponent(object.customMetadata?.["name"] ?? "document"),
  ),
  "Accept-Ranges": "bytes",
  "Cache-Control": "private, no-cache, no-transform",
  "Content-Security-Policy": "sandbox; default-src 'none'",
  "X-Content-Type-Options": "nosniff",
});
