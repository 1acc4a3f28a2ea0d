import { hex } from "./hex.ts";

export const sha256 = (text: string): Promise<ArrayBuffer> =>
  crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));

export const sha256Hex = async (text: string): Promise<string> =>
  hex(new Uint8Array(await sha256(text)));
