import type { DocumentType } from "../domain/job.ts";

/** The types that are stored, each under one name. */
export type StoredType = Exclude<DocumentType, "jpg">;

export const CONTENT_TYPES: Record<StoredType, string> = {
  pdf: "application/pdf",
  png: "image/png",
  jpeg: "image/jpeg",
  tiff: "image/tiff",
  bmp: "image/bmp",
};

/** Bytes of a file's beginning that tell its type. Readers of PDF look for its mark so far. */
export const HEAD_BYTES = 1_024;
/** Bytes of a file's end in which an archive has its directory, when something else comes before it. */
export const TAIL_BYTES = 1_024;

/**
 * The type of a file by its bytes. Names and declared types are not asked. `undefined` for other types, and for a file
 * that two kinds of programs would read as two different things.
 */
export function typeOfBytes(head: Uint8Array, tail: Uint8Array): StoredType | undefined {
  const text = latin1(head);
  const images = IMAGES.filter(([, isType]) => isType(text)).map(([type]) => type);
  const isPdf = /^(?:\u00EF\u00BB\u00BF)?\s*%PDF-/.test(text);
  const types: StoredType[] = text.includes("%PDF-") ? [...images, "pdf"] : images;
  const [type, ...others] = types;
  if (type === undefined || others.length > 0 || endsAsArchive(tail)) return undefined;
  return type === "pdf" && !isPdf ? undefined : type;
}

const IMAGES: readonly (readonly [StoredType, (head: string) => boolean])[] = [
  ["png", (head) => head.startsWith("\u0089PNG\r\n\u001A\n")],
  ["jpeg", (head) => head.startsWith("\u00FF\u00D8\u00FF")],
  ["tiff", (head) => head.startsWith("II*\0") || head.startsWith("MM\0*")],
  ["bmp", isBmp],
];

/** Lengths that the second header of a BMP can have. The mark `BM` alone begins many texts. */
const BMP_HEADERS = new Set([12, 40, 52, 56, 64, 108, 124]);

function isBmp(head: string): boolean {
  return (
    head.startsWith("BM") && head.startsWith("\0\0\0", 15) && BMP_HEADERS.has(head.charCodeAt(14))
  );
}

/** `true` when the last bytes are the end of a ZIP's directory, which its readers look for first. */
function endsAsArchive(tail: Uint8Array): boolean {
  const text = latin1(tail);
  for (
    let at = text.indexOf("PK\u0005\u0006");
    at >= 0;
    at = text.indexOf("PK\u0005\u0006", at + 1)
  ) {
    const comment = text.charCodeAt(at + 20) + 256 * text.charCodeAt(at + 21);
    if (at + 22 + comment === text.length) return true;
  }
  return false;
}

/** One character a byte. */
const latin1 = (bytes: Uint8Array): string => String.fromCharCode(...bytes);
