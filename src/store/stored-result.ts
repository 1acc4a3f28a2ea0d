// oxlint-disable-next-line typescript/triple-slash-reference -- the tests have tsconfigs of their own, which do not include it
/// <reference path="./node-zlib.d.ts" />
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { type Query, type SQL, sql } from "drizzle-orm";
import { fromHex, hex } from "../lib/hex.ts";
import { DICTIONARY_1 } from "./result-dictionary.ts";

/**
 * Extracted data lies in its column as text or, compressed, as a blob: the number of the format in one byte, then raw
 * deflate with the dictionary of that format. A number that was once written is never given another meaning.
 */
const FORMAT = 1;
const dictionary = new TextEncoder().encode(DICTIONARY_1);

/** A shorter text hardly makes its row smaller. */
const COMPRESSED_FROM = 200;

/** The value of the column for a result, to be written. */
export function storedForm(text: string | null): Query {
  const digits = text === null ? null : compressed(text);
  return digits === null ? { sql: "?", params: [text] } : { sql: "unhex(?)", params: [digits] };
}

/** The blob as hex, which is shorter than the form in which D1 takes and gives bytes. `null` when the text is no longer. */
export function compressed(text: string): string | null {
  if (text.length < COMPRESSED_FROM) return null;
  const bytes = new TextEncoder().encode(text);
  const deflated = deflateRawSync(bytes, { dictionary });
  return deflated.length < bytes.length ? hex(Uint8Array.of(FORMAT)) + hex(deflated) : null;
}

/** The column as `readable` takes it: JSON text, which begins with a brace, or hex. */
export const STORED_RESULT: SQL<string | null> = sql<
  string | null
>`CASE typeof(extracted_data) WHEN 'blob' THEN hex(extracted_data) ELSE extracted_data END`;

/** The text of a result, as it was reported. */
export function readable(stored: string | null): string | null {
  if (stored === null || stored.startsWith("{")) return stored;
  const bytes = fromHex(stored);
  if (bytes[0] !== FORMAT) throw new Error(`a result has the unknown format ${bytes[0]}`);
  return new TextDecoder().decode(inflateRawSync(bytes.subarray(1), { dictionary }));
}
