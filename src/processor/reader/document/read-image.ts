import { Unreadable } from "../../errors.ts";
import type { Limits } from "../limits.ts";
import type { Page } from "../layout/word.ts";
import { decodeBmp } from "./decode-bmp.ts";
import { decodeTiff } from "./decode-tiff.ts";
import type { OcrEngine } from "./engine.ts";
import type { GrayImage } from "../picture/gray-image.ts";
import { jpegOrientation, jpegSize, pngSize, type Size } from "./image-size.ts";
import { loadPdfium, withBytes } from "./pdfium.ts";
import { recognisePage } from "./recognise-page.ts";
import { renderGray } from "./render-gray.ts";
import { shrink } from "../picture/shrink.ts";
import { turnQuarters } from "../picture/turn-quarters.ts";

/** A picture says nothing of its size on paper: its shorter side is taken for that of A4. */
const SHORT_SIDE_INCHES = 8.27;
/** More dots than this cost time and tell the engine nothing new. */
const MOST_DOTS_PER_INCH = 300;
const QUARTERS: Record<number, number> = { 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3 };

export async function readPng(
  bytes: Uint8Array,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page[]> {
  const size = checked(pngSize(bytes), limits);
  return [await readPicture(await decode(bytes, "EPDFImageObj_SetPng", size), engine)];
}

export async function readJpeg(
  bytes: Uint8Array,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page[]> {
  const size = checked(jpegSize(bytes), limits);
  if (!endsAsJpeg(bytes))
    throw new Unreadable({ errorCode: "damaged_document", message: "the JPEG is cut off" });
  const image = await decode(bytes, "EPDFImageObj_SetJpeg", size);
  return [await readPicture(turnQuarters(image, QUARTERS[jpegOrientation(bytes)] ?? 0), engine)];
}

export async function readBmp(
  bytes: Uint8Array,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page[]> {
  return [
    await readPicture(
      decodeBmp(bytes, (size) => checked(size, limits)),
      engine,
    ),
  ];
}

export async function readTiff(
  bytes: Uint8Array,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page[]> {
  const pages: Page[] = [];
  for (const image of decodeTiff(bytes, limits.maxPages, (size) => checked(size, limits)))
    pages.push(await readPicture(image, engine));
  return pages;
}

function checked(size: Size, { maxPixels }: Limits): Size {
  const { width, height } = size;
  if (width * height > maxPixels)
    throw new Unreadable({
      errorCode: "image_too_large",
      message: `${width} × ${height} pixels, at most ${maxPixels} are read`,
    });
  if (width === 0 || height === 0)
    throw new Unreadable({ errorCode: "damaged_document", message: "an image without pixels" });
  return size;
}

function readPicture(image: GrayImage, engine: OcrEngine): Promise<Page> {
  const factor = Math.max(1, Math.floor(dotsPerInchOf(image) / MOST_DOTS_PER_INCH));
  const fitting = shrink(image, factor);
  return recognisePage(engine, fitting, dotsPerInchOf(fitting));
}

function dotsPerInchOf({ width, height }: Size): number {
  return Math.round(Math.max(70, Math.min(width, height) / SHORT_SIDE_INCHES));
}

/** PDFium draws the picture on a page of its own size: it knows every kind of PNG and JPEG. */
async function decode(
  bytes: Uint8Array,
  load: "EPDFImageObj_SetPng" | "EPDFImageObj_SetJpeg",
  { width, height }: Size,
): Promise<GrayImage> {
  const pdfium = await loadPdfium();
  const document = pdfium.FPDF_CreateNewDocument();
  const page = pdfium.FPDFPage_New(document, 0, width, height);
  try {
    const image = pdfium.FPDFPageObj_NewImageObj(document);
    const loaded = withBytes(pdfium, bytes, (pointer) =>
      pdfium[load](0, 0, image, pointer, bytes.length),
    );
    pdfium.FPDFImageObj_SetMatrix(image, width, 0, 0, height, 0, 0);
    pdfium.FPDFPage_InsertObject(page, image);
    if (!loaded || !pdfium.FPDFPage_GenerateContent(page) || !hasPixels(pdfium, image))
      throw new Unreadable({
        errorCode: "damaged_document",
        message: "the picture cannot be decoded",
      });
    return renderGray(pdfium, page, { width, height });
  } finally {
    pdfium.FPDF_ClosePage(page);
    pdfium.FPDF_CloseDocument(document);
  }
}

function hasPixels(pdfium: Awaited<ReturnType<typeof loadPdfium>>, image: number): boolean {
  return withBytes(pdfium, new Uint8Array(8), (pointer) => {
    pdfium.FPDFImageObj_GetImagePixelSize(image, pointer, pointer + 4);
    return (pdfium.pdfium.HEAP32[pointer / 4] ?? 0) > 0;
  });
}

/** The end marker, perhaps followed by padding. */
function endsAsJpeg(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(Math.max(0, bytes.length - 4096))).includes(
    Buffer.from([0xff, 0xd9]),
  );
}
