export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Lower-case hex from the platform's cryptographic source. */
export const randomHex = (length: number): string =>
  hex(crypto.getRandomValues(new Uint8Array(Math.ceil(length / 2)))).slice(0, length);
