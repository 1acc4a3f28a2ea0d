import type { ThrottledDetails } from "../../errors.ts";
import type { ExtractedInvoice } from "../extract/extract-invoice.ts";
import type { Limits } from "../limits.ts";

/** The reader's answer to a document, in the shape that completeJob takes. */
export interface Reading {
  pages: number;
  /** 0 to 1: the mean over the fields that an invoice cannot be paid without. */
  confidence: number;
  extractedData: ExtractedInvoice;
}

/** To the child: one document. It answers before it is sent the next. */
export interface ReadMessage {
  bytes: Uint8Array;
  limits: Limits;
}

/** The reason why there is no reading. Errors lose their class on the way to the parent. */
export type Fault =
  | { unreadable: { errorCode: string; message: string } }
  | { throttled: ThrottledDetails }
  | { engineFault: string };

/** From the child. `memoryBytes` is what its process then holds. */
export type AnswerMessage = ({ reading: Reading } | Fault) & { memoryBytes: number };

/** The watchdog's last words on the child's standard error. */
export const OUT_OF_MEMORY = "invoice-reader: out of memory";
