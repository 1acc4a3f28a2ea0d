import { randomHex } from "../../lib/hex.ts";
import { sha256Hex } from "../../lib/sha256.ts";

/** A key is `ocr_`, 160 random bits and a checksum. The checksum refuses a mistyped key without a query. */
export async function newKey(): Promise<string> {
  const body = `ocr_${randomHex(40)}`;
  return body + (await checksumOf(body));
}

export async function isWellFormed(key: string): Promise<boolean> {
  const [, body, checksum] = /^(ocr_[0-9a-f]{40})([0-9a-f]{8})$/.exec(key) ?? [];
  return body !== undefined && (await checksumOf(body)) === checksum;
}

const checksumOf = async (body: string) => (await sha256Hex(body)).slice(0, 8);
