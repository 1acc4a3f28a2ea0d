import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { Unreadable } from "../../errors.ts";
import type { OcrEngine } from "../document/engine.ts";
import { readDocument } from "../document/read-document.ts";
import { createTesseract } from "../document/tesseract.ts";
import { extractInvoice } from "../extract/extract-invoice.ts";
import type { AnswerMessage, ReadMessage } from "./messages.ts";

/**
 * The process that reads: it may hang, crash or fill its memory, and the parent puts another in its place. A signal
 * from the terminal is the parent's to answer; without a parent there is nothing to do.
 */
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.on("disconnect", () => process.exit());
process.on("message", (message: ReadMessage) => {
  void answer(message).then((reply) => process.send?.(reply));
});

/** Documents with a text layer need no engine, so it starts with the first picture. */
let starting: Promise<OcrEngine> | undefined;
const engine: OcrEngine = {
  async recognise(image, dotsPerInch) {
    starting ??= createTesseract();
    return (await starting).recognise(image, dotsPerInch);
  },
  async close() {
    await (await starting)?.close();
  },
};

/** Read by the watchdog's thread, so that each document may have a limit of its own. */
const mostBytes = new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
const OWN_PATH = fileURLToPath(import.meta.url);
const WATCHDOG = join(dirname(OWN_PATH), `watchdog${extname(OWN_PATH)}`);
let watchdog: Worker | undefined;

async function answer({ bytes, limits }: ReadMessage): Promise<AnswerMessage> {
  mostBytes[0] = limits.maxMemoryBytes;
  watchdog ??= new Worker(WATCHDOG, {
    workerData: mostBytes,
  });
  try {
    const pages = await readDocument(bytes, engine, limits);
    const reading = { pages: pages.length, ...extractInvoice(pages) };
    return { reading, memoryBytes: process.memoryUsage.rss() };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const { errorCode, message } = error;
    return { unreadable: { errorCode, message }, memoryBytes: process.memoryUsage.rss() };
  }
}
