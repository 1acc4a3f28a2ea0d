import type { Position } from "../../store/read/list/keyset.ts";
import { sha256Hex } from "../../lib/sha256.ts";

const VERSION = 1;
const SEAL_LENGTH = 16;

/** The list that a cursor belongs to: workspace, sorting, filter and search. */
export type ListIdentity = readonly (string | undefined)[];

/** The position as opaque text. Its seal shows whether a cursor was altered or comes from another list. */
export async function encodeCursor(list: ListIdentity, position: Position): Promise<string> {
  const json = JSON.stringify(position);
  const bytes = new TextEncoder().encode((await seal(list, json)) + json);
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** The cursor's position; `undefined` when the cursor was not made for this list. */
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

/** A digest of the list and the position. It needs no secret: a forged cursor reaches only the caller's workspace. */
const seal = async (list: ListIdentity, json: string): Promise<string> =>
  (await sha256Hex(JSON.stringify([VERSION, ...list, json]))).slice(0, SEAL_LENGTH);

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
