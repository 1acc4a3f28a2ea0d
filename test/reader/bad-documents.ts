import { deflateSync } from "node:zlib";
import { loadPdfium } from "../../src/processor/reader/document/pdfium.ts";
import { encodePng } from "../../src/processor/samples/encode.ts";
import { drawPdf, PAGE, savePdf } from "../../src/processor/samples/sheet.ts";

/** A PDF of one page with this text, often enough to count as a text layer. */
export function plainPdf(text: string): Promise<Uint8Array> {
  return drawPdf((sheet) => {
    for (let row = 0; row < 10; row += 1) sheet.text(50, 100 + row * 20, text);
  }, {});
}

/** A PDF of so many empty pages. */
export async function longPdf(pages: number): Promise<Uint8Array> {
  const pdfium = await loadPdfium();
  const document = pdfium.FPDF_CreateNewDocument();
  for (let page = 0; page < pages; page += 1)
    pdfium.FPDF_ClosePage(pdfium.FPDFPage_New(document, page, PAGE.width, PAGE.height));
  const bytes = savePdf(pdfium, document);
  pdfium.FPDF_CloseDocument(document);
  return bytes;
}

/** A PDF that opens only with a password: RC4 of 40 bits, which every reader knows. */
export async function encryptedPdf(): Promise<Uint8Array> {
  const pdfium = await loadPdfium();
  const document = pdfium.FPDF_CreateNewDocument();
  pdfium.FPDF_ClosePage(pdfium.FPDFPage_New(document, 0, PAGE.width, PAGE.height));
  if (!pdfium.EPDF_SetEncryption(document, "user", "owner", 0)) throw new Error("not encrypted");
  const bytes = savePdf(pdfium, document);
  pdfium.FPDF_CloseDocument(document);
  return bytes;
}

/** A PNG whose head announces so many pixels and whose body is small. */
export function hugePng(width: number, height: number): Uint8Array {
  const bytes = Buffer.from(encodePng({ width: 1, height: 1, data: new Uint8Array(1) }));
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return new Uint8Array(bytes);
}

/** A PDF whose page draws a form twice that draws a form twice, and so on: 2 to the power of `depth` rectangles. */
export function nestedFormsPdf(depth: number): Uint8Array {
  const twice = (name: string) => `/${name} Do /${name} Do`;
  const forms = Array.from({ length: depth }, (_, level) => {
    const last = level === depth - 1;
    const resources = last ? "" : `/Resources<</XObject<</F${level + 1} ${level + 5} 0 R>>>>`;
    const content = last ? "0 0 9 9 re f" : twice(`F${level + 1}`);
    return `<</Type/XObject/Subtype/Form/BBox[0 0 595 842]${resources}/Length ${content.length}>>stream\n${content}\nendstream`;
  });
  const content = twice("F0");
  return makePdf([
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents ${forms.length + 4} 0 R/Resources<</XObject<</F0 4 0 R>>>>>>`,
    ...forms,
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
  ]);
}

/** A PDF whose page content is a few kilobytes that inflate to gigabytes: rows of zeros deflated twice. */
export function inflatingPdf(megabytes: number): Uint8Array {
  const line = Buffer.from("0 0 1 1 re f\n");
  const once = deflateSync(Buffer.alloc(megabytes * 1024 * 1024, line), { level: 9 });
  const twice = deflateSync(once, { level: 9 });
  return makePdf([
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
    `<</Filter[/FlateDecode/FlateDecode]/Length ${twice.length}>>stream\n${twice.toString("latin1")}\nendstream`,
  ]);
}

/** A PDF with an image of so many pixels, whose data are a few kilobytes of zeros, deflated. */
export function hugeImagePdf(width: number, height: number): Uint8Array {
  const data = deflateSync(Buffer.alloc(1024 * 1024), { level: 9 });
  const content = "q 595 0 0 842 0 0 cm /I Do Q";
  return makePdf([
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</XObject<</I 4 0 R>>>>>>",
    `<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceGray/BitsPerComponent 8` +
      `/Filter/FlateDecode/Length ${data.length}>>stream\n${data.toString("latin1")}\nendstream`,
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
  ]);
}

/** Objects 1, 2, … as a file, with the table that says where each begins. */
function makePdf(objects: readonly string[]): Uint8Array {
  let text = "%PDF-1.7\n";
  const starts = objects.map((object, index) => {
    const start = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(start).padStart(10, "0")} 00000 n \n`;
  });
  const count = objects.length + 1;
  const table = `xref\n0 ${count}\n0000000000 65535 f \n${starts.join("")}`;
  text += `${table}trailer\n<</Root 1 0 R/Size ${count}>>\nstartxref\n${text.length}\n%%EOF\n`;
  return new Uint8Array(Buffer.from(text, "latin1"));
}
