import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { Unreadable } from "../../src/processor/errors.ts";
import { closeReader, readInvoice } from "../../src/processor/reader/read-invoice.ts";
import { makeSamples } from "../../src/processor/samples/make-samples.ts";
import {
  encryptedPdf,
  hugeImagePdf,
  hugePng,
  inflatingPdf,
  longPdf,
  nestedFormsPdf,
  plainPdf,
} from "./bad-documents.ts";

afterAll(closeReader);

const MEBIBYTE = 1024 * 1024;
const GOOD = await plainPdf("Rechnungsnummer: R-17");
const readCode = (bytes: Uint8Array, limits = {}) =>
  readInvoice(bytes, { limits }).then(
    () => "read",
    (error: unknown) => (error instanceof Unreadable ? error.errorCode : error),
  );

test("one sample of each kind is read with its total, and its sums agree", async () => {
  for await (const { name, bytes, truth } of makeSamples({ count: 3 })) {
    const { pages, confidence, extractedData } = await readInvoice(bytes);
    expect({ name, pages, total: extractedData.total }).toEqual({
      name,
      pages: 1,
      total: truth.total,
    });
    expect(extractedData.totalsAgree).toBe(true);
    expect(confidence).toBeGreaterThan(0.7);
  }
});

test.each([
  ["an empty document", new Uint8Array(), "empty_document"],
  ["bytes of no known type", new Uint8Array(5000).fill(65), "unsupported_type"],
  ["a PDF that is cut off", GOOD.subarray(0, GOOD.length - 200), "damaged_document"],
  [
    "a PDF that is nothing but its head and end",
    new Uint8Array(Buffer.from("%PDF-1.7\n%%EOF")),
    "damaged_document",
  ],
  ["a PNG that is cut off", hugePng(100, 100), "damaged_document"],
  ["a PNG of 30,000 × 30,000 pixels", hugePng(30_000, 30_000), "image_too_large"],
  [
    "a JPEG without a picture",
    new Uint8Array([0xff, 0xd8, 0xff, 0xd9, 0, 0, 0, 0, 0, 0, 0, 0]),
    "damaged_document",
  ],
  [
    "a TIFF without pages",
    new Uint8Array([0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    "damaged_document",
  ],
  [
    "a BMP that is cut off",
    new Uint8Array(Buffer.from("BM".padEnd(60, "\0"), "latin1")),
    "damaged_document",
  ],
  ["an encrypted PDF", await encryptedPdf(), "encrypted_document"],
  ["a PDF of 300 pages", await longPdf(300), "too_many_pages"],
  [
    "a PDF with an image of 30,000 × 30,000 pixels",
    hugeImagePdf(30_000, 30_000),
    "image_too_large",
  ],
])("%s is refused with its own errorCode", async (_, bytes, errorCode) => {
  expect(await readCode(bytes)).toBe(errorCode);
});

test("a document longer than its limit is not kept in memory", async () => {
  let sent = 0;
  async function* endless() {
    for (;;) {
      sent += MEBIBYTE;
      yield new Uint8Array(MEBIBYTE);
    }
  }
  const refused = readInvoice(endless(), { limits: { maxBytes: 3 * MEBIBYTE } });
  await expect(refused).rejects.toMatchObject({ errorCode: "document_too_large" });
  expect(sent).toBeLessThanOrEqual(4 * MEBIBYTE);
});

test("a PDF that inflates without end is given up in time, and the next document is read", async () => {
  expect(await readCode(inflatingPdf(100), { timeoutMs: 1500 })).toBe("reading_timed_out");
  expect(await readCode(GOOD)).toBe("read");
});

test("a PDF that fills the memory is given up at its limit, and the next document is read", async () => {
  const limits = { maxMemoryBytes: 500 * MEBIBYTE };
  expect(await readCode(nestedFormsPdf(30), limits)).toBe("out_of_memory");
  expect(await readCode(GOOD)).toBe("read");
});

test("an aborted reading rejects with the signal's reason at once, and the next document is read", async () => {
  const stop = new AbortController();
  const reading = readInvoice(inflatingPdf(100), { signal: stop.signal });
  const reason = new Error("the lease is lost");
  setTimeout(() => stop.abort(reason), 300);
  await expect(reading).rejects.toBe(reason);
  expect(await readCode(GOOD)).toBe("read");
});

test("documents are read side by side, and a bad one does not disturb the others", async () => {
  const codes = await Promise.all([readCode(GOOD), readCode(await encryptedPdf()), readCode(GOOD)]);
  expect(codes).toEqual(["read", "encrypted_document", "read"]);
});

test("a program that has read its documents ends without being told to", async () => {
  const reader = resolve("src/processor/reader/read-invoice.ts");
  const program = `const { readInvoice } = await import(${JSON.stringify(reader)});
    const bytes = Buffer.from(process.argv[1], "base64");
    console.log((await readInvoice(new Uint8Array(bytes))).extractedData.invoiceNumber);`;
  const args = ["--input-type=module", "--eval", program, Buffer.from(GOOD).toString("base64")];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 60_000 });
  expect(stdout.trim()).toBe("R-17");
});
