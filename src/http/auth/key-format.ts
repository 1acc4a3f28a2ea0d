import { hex, randomHex } from "../../lib/hex.ts";
import { sha256Hex } from "../../lib/sha256.ts";

const CHECKSUM_LENGTH = 8;

/**
 * A key is `ocr_`, 160 random bits and a checksum, which refuses a mistyped key without a query. With a secret the checksum
 * is an HMAC, so nobody else can make up keys that would be looked up.
 */
export async function newKey([secret]: readonly string[]): Promise<string> {
  const body = `ocr_${randomHex(40)}`;
  return body + (await (secret === undefined ? publicChecksum(body) : keyedChecksum(secret, body)));
}

/** `keyed`: made with one of the secrets. `public`: as anyone can make it; keys had it before there was a secret. */
export type KeyFormat = "keyed" | "public";

/** `undefined` when the key has none of the checksums: it is nobody's. */
export async function formatOf(
  key: string,
  secrets: readonly string[],
): Promise<KeyFormat | undefined> {
  const [, body, checksum] = /^(ocr_[0-9a-f]{40})([0-9a-f]{8})$/.exec(key) ?? [];
  if (body === undefined) return undefined;
  for (const secret of secrets) {
    if ((await keyedChecksum(secret, body)) === checksum) return "keyed";
  }
  return (await publicChecksum(body)) === checksum ? "public" : undefined;
}

const publicChecksum = async (body: string) => (await sha256Hex(body)).slice(0, CHECKSUM_LENGTH);

async function keyedChecksum(secret: string, body: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, [
    "sign",
  ]);
  const signature = await crypto.subtle.sign("HMAC", key, encoder.encode(body));
  return hex(new Uint8Array(signature)).slice(0, CHECKSUM_LENGTH);
}
