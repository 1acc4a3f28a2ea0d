import { createRequire } from "node:module";
import { readFile } from "node:fs/promises";
import {
  type Pdfium,
  loadPdfium,
  withBytes,
  withMemory,
  readFloats,
} from "../reader/document/pdfium.ts";

const require = createRequire(import.meta.url);
const TRUETYPE = 2;
const FILL_NONE = 0;
const FILL_WINDING = 2;
export const PAGE = { width: 595, height: 842 };

/** PDFium draws the standard fonts by itself; the slab is embedded, as most programs embed their fonts. */
export type Font =
  | "Helvetica"
  | "Helvetica-Bold"
  | "Times-Roman"
  | "Times-Bold"
  | "Courier"
  | "Courier-Bold"
  | "Slab"
  | "Slab-Bold";

const EMBEDDED: Partial<Record<Font, string>> = {
  Slab: "400Regular/RobotoSlab_400Regular.ttf",
  "Slab-Bold": "700Bold/RobotoSlab_700Bold.ttf",
};

export interface TextStyle {
  font?: Font;
  size?: number;
  /** `right` ends the text at x, `center` centres it there. */
  align?: "left" | "right" | "center";
  /** Gray level, 0 black to 255 white. */
  gray?: number;
}

/** An A4 page to draw on, in points from the top left corner. `y` of a text is its baseline. */
export interface Sheet {
  text(x: number, y: number, text: string, style?: TextStyle): void;
  box(x: number, y: number, width: number, height: number, gray: number): void;
  frame(x: number, y: number, width: number, height: number): void;
  rule(x1: number, x2: number, y: number): void;
}

/** The PDF that `draw` draws, one page. */
export async function drawPdf(
  draw: (sheet: Sheet) => void,
  defaults: TextStyle,
): Promise<Uint8Array> {
  const pdfium = await loadPdfium();
  const embedded = new Map<string, Uint8Array>();
  for (const [font, file] of Object.entries(EMBEDDED))
    embedded.set(font, await readFile(require.resolve(`@expo-google-fonts/roboto-slab/${file}`)));
  const document = pdfium.FPDF_CreateNewDocument();
  const page = pdfium.FPDFPage_New(document, 0, PAGE.width, PAGE.height);
  const fonts = new Map<Font, number>();
  const fontOf = (font: Font) => {
    const handle = fonts.get(font) ?? loadFont(pdfium, document, font, embedded.get(font));
    fonts.set(font, handle);
    return handle;
  };
  draw(sheetOn(pdfium, document, page, fontOf, defaults));
  pdfium.FPDFPage_GenerateContent(page);
  pdfium.FPDF_ClosePage(page);
  const bytes = savePdf(pdfium, document);
  pdfium.FPDF_CloseDocument(document);
  return bytes;
}

function loadFont(pdfium: Pdfium, document: number, font: Font, data: Uint8Array | undefined) {
  if (!data) return pdfium.FPDFText_LoadStandardFont(document, font);
  return withBytes(pdfium, data, (pointer) =>
    pdfium.FPDFText_LoadFont(document, pointer, data.length, TRUETYPE, true),
  );
}

function sheetOn(
  pdfium: Pdfium,
  document: number,
  page: number,
  fontOf: (font: Font) => number,
  defaults: TextStyle,
): Sheet {
  const rectangle = (x: number, y: number, width: number, height: number) =>
    pdfium.FPDFPageObj_CreateNewRect(x, PAGE.height - y - height, width, height);
  return {
    text(x, y, text, style = {}) {
      const { font = "Helvetica", size = 10, align = "left", gray = 0 } = { ...defaults, ...style };
      if (text === "") return;
      const object = pdfium.FPDFPageObj_CreateTextObj(document, fontOf(font), size);
      setText(pdfium, object, text);
      pdfium.FPDFPageObj_SetFillColor(object, gray, gray, gray, 255);
      const share = { left: 0, center: 0.5, right: 1 }[align];
      const left = x - share * widthOf(pdfium, object);
      pdfium.FPDFPageObj_Transform(object, 1, 0, 0, 1, left, PAGE.height - y);
      pdfium.FPDFPage_InsertObject(page, object);
    },
    box(x, y, width, height, gray) {
      const object = rectangle(x, y, width, height);
      pdfium.FPDFPageObj_SetFillColor(object, gray, gray, gray, 255);
      pdfium.FPDFPath_SetDrawMode(object, FILL_WINDING, false);
      pdfium.FPDFPage_InsertObject(page, object);
    },
    frame(x, y, width, height) {
      const object = rectangle(x, y, width, height);
      pdfium.FPDFPageObj_SetStrokeWidth(object, 0.7);
      pdfium.FPDFPath_SetDrawMode(object, FILL_NONE, true);
      pdfium.FPDFPage_InsertObject(page, object);
    },
    rule(x1, x2, y) {
      this.box(x1, y, x2 - x1, 0.7, 60);
    },
  };
}

function setText(pdfium: Pdfium, object: number, text: string) {
  const size = text.length * 2 + 2;
  withMemory(pdfium, size, (pointer) => {
    pdfium.pdfium.stringToUTF16(text, pointer, size);
    if (!pdfium.FPDFText_SetText(object, pointer)) throw new Error(`cannot draw "${text}"`);
  });
}

function widthOf(pdfium: Pdfium, object: number): number {
  const bounds = readFloats(pdfium, 4, (left, bottom, right, top) =>
    pdfium.FPDFPageObj_GetBounds(object, left, bottom, right, top),
  );
  if (!bounds) throw new Error("PDFium gives no bounds of a text");
  const [left = 0, , right = 0] = bounds;
  return right - left;
}

/** The document as a file. */
export function savePdf(pdfium: Pdfium, document: number): Uint8Array {
  const writer = pdfium.PDFiumExt_OpenFileWriter();
  pdfium.PDFiumExt_SaveAsCopy(document, writer);
  const size = pdfium.PDFiumExt_GetFileWriterSize(writer);
  const bytes = withMemory(pdfium, size, (pointer) => {
    pdfium.PDFiumExt_GetFileWriterData(writer, pointer, size);
    return pdfium.pdfium.HEAPU8.slice(pointer, pointer + size);
  });
  pdfium.PDFiumExt_CloseFileWriter(writer);
  return withoutClock(bytes);
}

/** PDFium writes the time and a random ID into a file; fixed ones of the same length keep samples the same. */
function withoutClock(bytes: Uint8Array): Uint8Array {
  const text = Buffer.from(bytes).toString("latin1");
  const fixed = text
    .replace(/CreationDate\(D:\d{14}/, "CreationDate(D:20240101000000")
    .replace(/\/ID\[<[0-9A-F]{32}><[0-9A-F]{32}>\]/, `/ID[<${"0".repeat(32)}><${"0".repeat(32)}>]`);
  return new Uint8Array(Buffer.from(fixed, "latin1"));
}
