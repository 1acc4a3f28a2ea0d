import { Unreadable } from "../errors.ts";
import { documentTypeOf } from "./document/document-type.ts";
import { DEFAULT_LIMITS, type Limits } from "./limits.ts";
import type { Reading } from "./process/messages.ts";
import { ReadingProcess } from "./process/reading-process.ts";

export interface ReadOptions {
  /** Ends the reading at once; `readInvoice` then rejects with its reason. */
  signal?: AbortSignal | undefined;
  /** Bounds of the document, each with a default. */
  limits?: Partial<Limits>;
}

const idle: ReadingProcess[] = [];

/**
 * Reads an invoice: PDF, PNG, JPEG, TIFF or BMP, told apart by the bytes. A document that cannot be read is an
 * `Unreadable` with its errorCode. As many are read at once as calls are made, each in a process of its own that
 * stays for the next call.
 */
export async function readInvoice(
  document: Uint8Array | AsyncIterable<Uint8Array>,
  { signal, limits }: ReadOptions = {},
): Promise<Reading> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const bytes = await collect(document, bounds.maxBytes, signal);
  documentTypeOf(bytes);
  signal?.throwIfAborted();
  const reader = takeIdle() ?? new ReadingProcess();
  try {
    return await reader.read({ bytes, limits: bounds }, signal);
  } finally {
    if (reader.usable) idle.push(reader);
  }
}

/** Ends the processes that wait for a next document. */
export function closeReader() {
  for (const reader of idle.splice(0)) reader.end();
}

function takeIdle(): ReadingProcess | undefined {
  for (let reader = idle.pop(); reader; reader = idle.pop()) if (reader.usable) return reader;
  return undefined;
}

async function collect(
  document: Uint8Array | AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of document instanceof Uint8Array ? [document] : document) {
    signal?.throwIfAborted();
    size += chunk.length;
    if (size > maxBytes)
      throw new Unreadable({
        errorCode: "document_too_large",
        message: `more than ${maxBytes} bytes`,
      });
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : new Uint8Array(Buffer.concat(chunks));
}
