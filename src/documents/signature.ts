import { hex } from "../lib/hex.ts";

/** The one document that a signed URL opens, and the time at which it stops, in seconds of the epoch. */
export interface Signed {
  readonly groupId: string;
  readonly jobId: string;
  readonly key: string;
  readonly expires: number;
}

const HMAC = { name: "HMAC", hash: "SHA-256" };
const keys = new Map<string, Promise<CryptoKey>>();

export async function sign(secret: string, signed: Signed): Promise<string> {
  const signature = await crypto.subtle.sign(HMAC, await keyOf(secret), messageOf(signed));
  return hex(new Uint8Array(signature));
}

/** Compares in constant time. `false` also for a signature whose time is over. */
export async function isValid(
  secret: string,
  signed: Signed,
  signature: string,
  now: number,
): Promise<boolean> {
  const bytes = /^[0-9a-f]{64}$/.test(signature) ? bytesOf(signature) : new Uint8Array();
  const isOurs = await crypto.subtle.verify(HMAC, await keyOf(secret), bytes, messageOf(signed));
  return isOurs && now < signed.expires * 1000;
}

/** No part can hold a line break of its own: ids, keys and numbers of other forms have no signature of ours. */
const messageOf = ({ groupId, jobId, key, expires }: Signed): Uint8Array =>
  new TextEncoder().encode(["document", groupId, jobId, key, expires].join("\n"));

/** An environment has one secret. */
function keyOf(secret: string): Promise<CryptoKey> {
  const known = keys.get(secret);
  if (known !== undefined) return known;
  const raw = new TextEncoder().encode(secret);
  const key = crypto.subtle.importKey("raw", raw, HMAC, false, ["sign", "verify"]);
  keys.set(secret, key);
  return key;
}

const bytesOf = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
