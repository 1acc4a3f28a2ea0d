import type { IncomingDocument } from "../../documents/incoming-document.ts";

/** The reason why bytes are no document; `null` when they are one. */
export function documentFault({ size, type }: IncomingDocument): string | null {
  if (size === 0) return "is empty.";
  return type === undefined ? "must be a PDF, PNG, JPEG, TIFF or BMP by its bytes." : null;
}
