import type { GrayImage } from "../picture/gray-image.ts";
import type { Pdfium } from "./pdfium.ts";

const FORMAT_GRAY = 1;
const ANNOTATIONS = 0x01;
const WHITE = 0xff_ff_ff_ff;

/** The page as a picture of this size, with its annotations, on white. */
export function renderGray(
  pdfium: Pdfium,
  page: number,
  { width, height }: { width: number; height: number },
): GrayImage {
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, FORMAT_GRAY, 0, 0);
  if (bitmap === 0) throw new RangeError(`PDFium cannot make a picture of ${width} × ${height}`);
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE);
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, ANNOTATIONS);
    const start = pdfium.FPDFBitmap_GetBuffer(bitmap);
    const stride = pdfium.FPDFBitmap_GetStride(bitmap);
    const data = new Uint8Array(width * height);
    for (let y = 0; y < height; y += 1) {
      const row = start + y * stride;
      data.set(pdfium.pdfium.HEAPU8.subarray(row, row + width), y * width);
    }
    return { width, height, data };
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap);
  }
}
