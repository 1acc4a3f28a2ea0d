import type { GrayImage } from "../reader/picture/gray-image.ts";
import { loadPdfium, withBytes } from "../reader/document/pdfium.ts";
import { renderGray } from "../reader/document/render-gray.ts";
import { rotate } from "../reader/picture/rotate.ts";
import { addNoise } from "./degrade.ts";
import { encodeJpeg, encodePng, wrapJpeg } from "./encode.ts";
import { makeInvoice, type Truth } from "./invoice.ts";
import { LAYOUTS } from "./layouts/layouts.ts";
import { REGIONS } from "./locales.ts";
import { type Random, seededRandom } from "./random.ts";
import { drawPdf, PAGE } from "./sheet.ts";

export const KINDS = ["text-pdf", "scanned-pdf", "png"] as const;
export type Kind = (typeof KINDS)[number];

export interface Sample {
  /** A file name that says layout, region and kind. */
  name: string;
  kind: Kind;
  bytes: Uint8Array;
  truth: Truth;
}

const LANGUAGES = [
  ["de-DE", "de-DE", "de-DE", "de-CH"],
  ["en-GB", "en-US"],
  ["fr-FR", "fr-FR", "fr-FR", "fr-CH"],
] as const;

/**
 * Invoices of six layouts, three languages and three kinds, evenly mixed: any 6 in a row have every layout, any
 * 24 that begin at a multiple of 24 have eight of each kind. The same seed gives the same bytes.
 */
export async function* makeSamples({ seed = 1, count = 24 } = {}): AsyncGenerator<Sample> {
  for (let index = 0; index < count; index += 1) {
    const random = seededRandom(seed * 1000 + index);
    const round = Math.floor(index / LAYOUTS.length);
    const layout = at(LAYOUTS, index);
    const regionName = random.pick(at(LANGUAGES, index + round));
    const kind = at(KINDS, index + 2 * round + Math.floor((index % LAYOUTS.length) / 3));
    const { truth, printed } = makeInvoice(random, REGIONS[regionName]);
    const pdf = await drawPdf((sheet) => layout.draw(sheet, printed), layout.defaults);
    const bytes = kind === "text-pdf" ? pdf : await degrade(pdf, kind, random);
    const number = String(index + 1).padStart(2, "0");
    const extension = kind === "png" ? "png" : "pdf";
    yield {
      name: `${number}-${layout.name}-${regionName}-${kind}.${extension}`,
      kind,
      bytes,
      truth,
    };
  }
}

/** A scan: every one a little dirty, half of them turned by two degrees, PDFs with the marks of a strong JPEG. */
async function degrade(pdf: Uint8Array, kind: Exclude<Kind, "text-pdf">, random: Random) {
  const dotsPerInch = random.pick([150, 200]);
  const turn = random.next() < 0.5 ? 0 : random.pick([-2, 2]);
  const clean = await rasterise(pdf, dotsPerInch);
  const turned = turn === 0 ? clean : rotate(clean, turn);
  if (kind === "png") return encodePng(addNoise(turned, random, random.int(30, 90)));
  return wrapJpeg(encodeJpeg(addNoise(turned, random, 15), random.int(25, 45)));
}

async function rasterise(pdf: Uint8Array, dotsPerInch: number): Promise<GrayImage> {
  const pdfium = await loadPdfium();
  return withBytes(pdfium, pdf, (pointer) => {
    const document = pdfium.FPDF_LoadMemDocument(pointer, pdf.length, "");
    const page = pdfium.FPDF_LoadPage(document, 0);
    const scale = dotsPerInch / 72;
    const image = renderGray(pdfium, page, {
      width: Math.round(PAGE.width * scale),
      height: Math.round(PAGE.height * scale),
    });
    pdfium.FPDF_ClosePage(page);
    pdfium.FPDF_CloseDocument(document);
    return image;
  });
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new RangeError("an empty list");
  return item;
}
