import type { Position } from "../../store/read/list/keyset.ts";
import { sha256Hex } from "../../lib/sha256.ts";

const VERSION = 1;
const SEAL_LENGTH = 16;

/** What a cursor belongs to: with another workspace, sorting, filter or search it means nothing. */
export type ListIdentity = readonly (string | undefined)[];

/** The position as opaque text, sealed so that one from elsewhere, or altered, is told from a good one. */
export async function encodeCursor(list: ListIdentity, position: Position): Promise<string> {
  const json = JSON.stringify(position);
  const bytes = new TextEncoder().encode((await seal(list, json)) + json);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** `undefined` when the cursor was not given out for this very list. */
export async function decodeCursor(
  list: ListIdentity,
  cursor: string,
): Promise<Position | undefined> {
  const bytes = fromBase64(cursor.replaceAll("-", "+").replaceAll("_", "/"));
  const text = bytes && new TextDecoder().decode(bytes);
  const json = text?.slice(SEAL_LENGTH) ?? "";
  if (text === undefined || text.slice(0, SEAL_LENGTH) !== (await seal(list, json)))
    return undefined;
  return JSON.parse(json) as Position;
}

/** No secret: who forges one reaches no group but those of the workspace whose key is sent with it. */
const seal = async (list: ListIdentity, json: string): Promise<string> =>
  (await sha256Hex(JSON.stringify([VERSION, ...list, json]))).slice(0, SEAL_LENGTH);

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
