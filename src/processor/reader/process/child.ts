import { dirname, extname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { Throttled, Unreadable } from "../../errors.ts";
import type { OcrEngine } from "../document/engine.ts";
import { readDocument } from "../document/read-document.ts";
import { createTesseract } from "../document/tesseract.ts";
import { extractInvoice } from "../extract/extract-invoice.ts";
import type { AnswerMessage, Fault, ReadMessage } from "./messages.ts";

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

/** The engine's trouble and not the document's: another attempt may succeed. */
class EngineFault extends Error {}

/** OCR_ENGINE is the path of a module whose default export makes an engine. Without it Tesseract reads. */
async function createEngine(): Promise<OcrEngine> {
  const path = process.env["OCR_ENGINE"];
  if (path === undefined) return createTesseract();
  const module = (await import(pathToFileURL(path).href)) as { default: () => Promise<OcrEngine> };
  return module.default();
}

/** Documents with a text layer need no engine, so it starts with the first picture. */
let starting: Promise<OcrEngine> | undefined;
const engine: OcrEngine = {
  async recognise(image, dotsPerInch) {
    starting ??= createEngine();
    try {
      return await (await starting).recognise(image, dotsPerInch);
    } catch (error) {
      if (error instanceof Throttled || error instanceof Unreadable) throw error;
      throw new EngineFault(String(error));
    }
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
    return { ...faultOf(error), memoryBytes: process.memoryUsage.rss() };
  }
}

/** The fault that an error tells of. Any other error is a bug of this program, and ends it. */
function faultOf(error: unknown): Fault {
  if (error instanceof EngineFault) return { engineFault: error.message };
  if (error instanceof Throttled) {
    const { retryAfterSeconds, message: reason, scope } = error;
    return { throttled: { retryAfterSeconds, reason, scope } };
  }
  if (!(error instanceof Unreadable)) throw error;
  const { errorCode, message } = error;
  return { unreadable: { errorCode, message } };
}
