import type { Line } from "../layout/word.ts";
import { findDates } from "./dates.ts";
import { type Found, surest } from "./found.ts";
import type { Label } from "./labels.ts";
import { valuesOf } from "./values.ts";

/** Letters, digits and the marks that join them, with a digit somewhere, up to 30 characters. */
const TOKEN = /^[A-Z0-9][A-Z0-9\-/._]{1,29}$/i;

export function findInvoiceNumber(
  lines: readonly Line[],
  labels: readonly Label[],
): Found<string> | undefined {
  const found = labels
    .filter(({ kind }) => kind === "invoiceNumber")
    .flatMap((label) =>
      valuesOf(label, lines, labels).flatMap(({ text, nearness, confidence }) => {
        const value = readNumber(text);
        return value ? [{ value, confidence: label.strength * nearness * confidence }] : [];
      }),
    );
  return surest(found);
}

/** The number at the start of a text, or undefined when something else stands there. */
export function readNumber(text: string): string | undefined {
  const [first = "", second = ""] = text.replace(/^(nr|no|n°|n º|#|:)[\s.:]*/i, "").split(/\s+/);
  const token = joinBroken(first, second)
    .replace(/[.,;:)]+$/, "")
    .replace(/^[#(:]+/, "");
  if (!TOKEN.test(token) || !/\d/.test(token)) return undefined;
  if (findDates(token).length > 0 && /^[\d.\-/]+$/.test(token)) return undefined;
  return /^\d+[.,]\d{2}$/.test(token) ? undefined : token;
}

/** A number broken after its hyphen or slash, as engines do where the gap is wide. */
function joinBroken(first: string, second: string): string {
  return /[-/]$/.test(first) && /^\d/.test(second) ? first + second : first;
}
