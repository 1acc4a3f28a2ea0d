const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

export function hex(bytes: Uint8Array): string {
  let digits = "";
  for (const byte of bytes) digits += DIGITS[byte];
  return digits;
}

/** The bytes of a text of hex digits. */
export function fromHex(digits: string): Uint8Array {
  const bytes = new Uint8Array(digits.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = 16 * digitAt(digits, 2 * index) + digitAt(digits, 2 * index + 1);
  }
  return bytes;
}

/** The codes of `0` to `9` begin at 48, those of `A` and `a` have 1 to 6 in their low bits. */
function digitAt(digits: string, index: number): number {
  const code = digits.charCodeAt(index);
  return code < 58 ? code - 48 : (code & 7) + 9;
}

/** Lower-case hex from the platform's cryptographic source. */
export const randomHex = (length: number): string =>
  hex(crypto.getRandomValues(new Uint8Array(Math.ceil(length / 2)))).slice(0, length);
