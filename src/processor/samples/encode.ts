import { crc32, deflateSync } from "node:zlib";
import jpeg from "jpeg-js";
import type { GrayImage } from "../reader/picture/gray-image.ts";
import { loadPdfium, withBytes } from "../reader/document/pdfium.ts";
import { PAGE, savePdf } from "./sheet.ts";

const PNG_SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A gray PNG. */
export function encodePng({ width, height, data }: GrayImage): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    rows.set(data.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const chunks = [
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ];
  return new Uint8Array(Buffer.concat([Buffer.from(PNG_SIGNATURE), ...chunks]));
}

function chunk(name: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const [size, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  size.writeUInt32BE(content.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([size, body, check]);
}

export function encodeJpeg({ width, height, data }: GrayImage, quality: number): Uint8Array {
  const rgba = Buffer.alloc(width * height * 4, 255);
  for (let at = 0; at < data.length; at += 1) {
    const value = data[at] ?? 0;
    rgba[at * 4] = value;
    rgba[at * 4 + 1] = value;
    rgba[at * 4 + 2] = value;
  }
  return new Uint8Array(jpeg.encode({ width, height, data: rgba }, quality).data);
}

/** A PDF whose only content is this JPEG over the whole page, as scanners write them. */
export async function wrapJpeg(bytes: Uint8Array): Promise<Uint8Array> {
  const pdfium = await loadPdfium();
  const document = pdfium.FPDF_CreateNewDocument();
  const page = pdfium.FPDFPage_New(document, 0, PAGE.width, PAGE.height);
  const image = pdfium.FPDFPageObj_NewImageObj(document);
  withBytes(pdfium, bytes, (pointer) =>
    pdfium.EPDFImageObj_SetJpeg(0, 0, image, pointer, bytes.length),
  );
  pdfium.FPDFImageObj_SetMatrix(image, PAGE.width, 0, 0, PAGE.height, 0, 0);
  pdfium.FPDFPage_InsertObject(page, image);
  pdfium.FPDFPage_GenerateContent(page);
  pdfium.FPDF_ClosePage(page);
  const pdf = savePdf(pdfium, document);
  pdfium.FPDF_CloseDocument(document);
  return pdf;
}
