import { Unreadable } from "../../errors.ts";

export type DocumentType = "pdf" | "png" | "jpeg" | "tiff" | "bmp";

const SIGNATURES: [DocumentType, number[]][] = [
  ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ["jpeg", [0xff, 0xd8, 0xff]],
  ["tiff", [0x49, 0x49, 0x2a, 0x00]],
  ["tiff", [0x4d, 0x4d, 0x00, 0x2a]],
  ["bmp", [0x42, 0x4d]],
];
/** Readers of PDF accept rubbish before the head, up to this byte. */
const PDF_HEAD_WITHIN = 1024;

/** The type by the first bytes. Names and declared types are not asked: they are often wrong. */
export function documentTypeOf(bytes: Uint8Array): DocumentType {
  if (bytes.length === 0) throw new Unreadable({ errorCode: "empty_document" });
  for (const [type, signature] of SIGNATURES)
    if (signature.every((byte, index) => bytes[index] === byte)) return type;
  const head = Buffer.from(bytes.subarray(0, PDF_HEAD_WITHIN)).toString("latin1");
  if (head.includes("%PDF-")) return "pdf";
  throw new Unreadable({
    errorCode: "unsupported_type",
    message: "neither PDF nor PNG, JPEG, TIFF or BMP",
  });
}
