import { Unreadable } from "../../errors.ts";
import type { Limits } from "../limits.ts";
import type { Page } from "../layout/word.ts";
import type { OcrEngine } from "./engine.ts";
import { readTextLayer } from "./pdf-words.ts";
import { type Pdfium, loadPdfium, withMemory } from "./pdfium.ts";
import { recognisePage } from "./recognise-page.ts";
import { renderGray } from "./render-gray.ts";

const PASSWORD_ERRORS = new Set([4, 5]);
const IMAGE_OBJECT = 3;
const END_WITHIN = 2048;
/** A page with fewer characters is a picture with a stamp or a page number on it. */
const FEWEST_CHARACTERS = 50;
/** With more characters than this share without a meaning, the text layer is rubbish. */
const MOST_UNKNOWN = 0.1;
export const DOTS_PER_INCH = 200;
/** A page of a poster's size is drawn with fewer dots, so that it stays in memory. */
const MOST_DRAWN_PIXELS = 12_000_000;

/** Every page's words: from the text layer where there is one, else by the engine from a picture of the page. */
export async function readPdf(
  bytes: Uint8Array,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page[]> {
  if (!hasEnd(bytes)) throw damaged("the PDF is cut off");
  const pdfium = await loadPdfium();
  const copy = pdfium.pdfium.wasmExports.malloc(bytes.length);
  pdfium.pdfium.HEAPU8.set(bytes, copy);
  const document = pdfium.FPDF_LoadMemDocument(copy, bytes.length, "");
  try {
    if (document === 0) throw refusal(pdfium.FPDF_GetLastError());
    const count = pdfium.FPDF_GetPageCount(document);
    if (count === 0) throw damaged("the PDF has no pages");
    if (count > limits.maxPages)
      throw new Unreadable({
        errorCode: "too_many_pages",
        message: `${count} pages, ${limits.maxPages} are read`,
      });
    const pages: Page[] = [];
    for (let index = 0; index < count; index += 1)
      pages.push(await readPage(pdfium, document, index, engine, limits));
    return pages;
  } finally {
    if (document !== 0) pdfium.FPDF_CloseDocument(document);
    pdfium.pdfium.wasmExports.free(copy);
  }
}

function refusal(error: number): Unreadable {
  if (PASSWORD_ERRORS.has(error))
    return new Unreadable({ errorCode: "encrypted_document", message: "the PDF needs a password" });
  return damaged(`PDFium cannot open it (error ${error})`);
}

async function readPage(
  pdfium: Pdfium,
  document: number,
  index: number,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page> {
  const page = pdfium.FPDF_LoadPage(document, index);
  if (page === 0) throw damaged(`page ${index + 1} is damaged`);
  try {
    const width = pdfium.FPDF_GetPageWidthF(page);
    const height = pdfium.FPDF_GetPageHeightF(page);
    const images = imageSizes(pdfium, page);
    const most = Math.max(0, ...images);
    if (most > limits.maxPixels)
      throw new Unreadable({
        errorCode: "image_too_large",
        message: `an image of ${most} pixels on page ${index + 1}`,
      });
    const layer = readTextLayer(pdfium, page, height);
    const meant = layer.unknown <= layer.characters * MOST_UNKNOWN;
    if (
      meant &&
      (layer.characters >= FEWEST_CHARACTERS || (layer.characters > 0 && images.length === 0))
    )
      return { width, height, words: layer.words, source: "text" };
    const dotsPerInch = Math.min(
      DOTS_PER_INCH,
      72 * Math.sqrt(MOST_DRAWN_PIXELS / (width * height)),
    );
    const size = { width: toDots(width, dotsPerInch), height: toDots(height, dotsPerInch) };
    return await recognisePage(engine, renderGray(pdfium, page, size), dotsPerInch);
  } finally {
    pdfium.FPDF_ClosePage(page);
  }
}

/** The end marker, perhaps followed by rubbish. PDFium would show what is left of a file that lost its end. */
function hasEnd(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(Math.max(0, bytes.length - END_WITHIN))).includes("%%EOF");
}

function damaged(message: string): Unreadable {
  return new Unreadable({ errorCode: "damaged_document", message });
}

/** Pixels of each image that lies on the page itself. */
function imageSizes(pdfium: Pdfium, page: number): number[] {
  return withMemory(pdfium, 8, (pointer) => {
    const sizes: number[] = [];
    for (let index = 0; index < pdfium.FPDFPage_CountObjects(page); index += 1) {
      const object = pdfium.FPDFPage_GetObject(page, index);
      if (pdfium.FPDFPageObj_GetType(object) !== IMAGE_OBJECT) continue;
      if (!pdfium.FPDFImageObj_GetImagePixelSize(object, pointer, pointer + 4)) continue;
      const [width = 0, height = 0] = pdfium.pdfium.HEAP32.subarray(pointer / 4, pointer / 4 + 2);
      sizes.push(width * height);
    }
    return sizes;
  });
}

function toDots(points: number, dotsPerInch: number): number {
  return Math.max(1, Math.round((points / 72) * dotsPerInch));
}
