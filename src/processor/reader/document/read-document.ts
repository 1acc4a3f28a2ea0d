import { Unreadable } from "../../errors.ts";
import type { Limits } from "../limits.ts";
import type { Page } from "../layout/word.ts";
import { type DocumentType, documentTypeOf } from "./document-type.ts";
import type { OcrEngine } from "./engine.ts";
import { readBmp, readJpeg, readPng, readTiff } from "./read-image.ts";
import { readPdf } from "./read-pdf.ts";

type Read = (bytes: Uint8Array, engine: OcrEngine, limits: Limits) => Promise<Page[]>;

const READERS: Record<DocumentType, Read> = {
  pdf: readPdf,
  png: readPng,
  jpeg: readJpeg,
  tiff: readTiff,
  bmp: readBmp,
};

/** The words of every page, with their places. */
export async function readDocument(
  bytes: Uint8Array,
  engine: OcrEngine,
  limits: Limits,
): Promise<Page[]> {
  const pages = await READERS[documentTypeOf(bytes)](bytes, engine, limits);
  if (pages.every(({ words }) => words.length === 0))
    throw new Unreadable({
      errorCode: "no_text_found",
      message: "there is nothing to read on any page",
    });
  return pages;
}
