import { Unreadable } from "../../errors.ts";

export interface Size {
  width: number;
  height: number;
}

/** Width and height as the head of a PNG says, before anything is decoded. */
export function pngSize(bytes: Uint8Array): Size {
  if (bytes.length < 33)
    throw new Unreadable({ errorCode: "damaged_document", message: "the PNG ends in its head" });
  const view = viewOf(bytes);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** Width and height as the frame header of a JPEG says. */
export function jpegSize(bytes: Uint8Array): Size {
  const view = viewOf(bytes);
  let at = 2;
  while (at + 9 < bytes.length) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    if (isFrame(marker)) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  throw new Unreadable({ errorCode: "damaged_document", message: "the JPEG has no frame" });
}

/** The turn that a camera notes beside its picture (EXIF orientation), 1 to 8; 1 when there is none. */
export function jpegOrientation(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.subarray(0, 65_536)).toString("latin1");
  const start = text.indexOf("Exif\0\0");
  if (start === -1) return 1;
  const tiff = start + 6;
  const little = text.startsWith("II", tiff);
  const view = viewOf(bytes);
  if (tiff + 8 > view.byteLength) return 1;
  const directory = tiff + view.getUint32(tiff + 4, little);
  if (directory + 2 > view.byteLength) return 1;
  for (let entry = 0; entry < view.getUint16(directory, little); entry += 1) {
    const at = directory + 2 + entry * 12;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) === 0x0112) return view.getUint16(at + 8, little);
  }
  return 1;
}

/** The JPEG markers that begin a frame: C0 to CF, but not C4, C8 and CC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
