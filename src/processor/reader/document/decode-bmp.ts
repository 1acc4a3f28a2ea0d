import { Unreadable } from "../../errors.ts";
import type { GrayImage } from "../picture/gray-image.ts";
import type { Size } from "./image-size.ts";

const UNCOMPRESSED = new Set([0, 3]);

/** A Windows bitmap of 1, 4, 8, 24 or 32 bits a pixel, uncompressed. */
export function decodeBmp(bytes: Uint8Array, check: (size: Size) => Size): GrayImage {
  if (bytes.length < 54) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width, height } = check({
    width: view.getInt32(18, true),
    height: Math.abs(view.getInt32(22, true)),
  });
  const bits = view.getUint16(28, true);
  if (!UNCOMPRESSED.has(view.getUint32(30, true)) || ![1, 4, 8, 24, 32].includes(bits))
    throw new Unreadable({ errorCode: "unsupported_type", message: "a compressed BMP" });
  const start = view.getUint32(10, true);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (start + stride * height > bytes.length) throw damaged();
  const palette = bits <= 8 ? readPalette(bytes, 14 + view.getUint32(14, true), 2 ** bits) : [];
  const fromBelow = view.getInt32(22, true) > 0;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = start + stride * (fromBelow ? height - 1 - y : y);
    for (let x = 0; x < width; x += 1)
      data[y * width + x] =
        bits <= 8
          ? (palette[indexAt(bytes, row, x, bits)] ?? 0)
          : grayAt(bytes, row + (x * bits) / 8);
  }
  return { width, height, data };
}

function readPalette(bytes: Uint8Array, start: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => grayAt(bytes, start + index * 4));
}

function indexAt(bytes: Uint8Array, row: number, x: number, bits: number): number {
  const bit = x * bits;
  return ((bytes[row + (bit >> 3)] ?? 0) >> (8 - bits - (bit & 7))) & (2 ** bits - 1);
}

/** Blue, green and red by the weight that the eye gives them. */
function grayAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) * 0.114 + (bytes[at + 1] ?? 0) * 0.587 + (bytes[at + 2] ?? 0) * 0.299;
}

function damaged(): Unreadable {
  return new Unreadable({ errorCode: "damaged_document", message: "the BMP is cut off" });
}
