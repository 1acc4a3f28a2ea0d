import { toLines, toText } from "../layout/lines.ts";
import { meanConfidence, type Page } from "../layout/word.ts";
import { findCurrency } from "./currency.ts";
import { type Found, rounded } from "./found.ts";
import { findIban } from "./iban.ts";
import { findInvoiceDates } from "./invoice-dates.ts";
import { findInvoiceNumber } from "./invoice-number.ts";
import { findLabels } from "./labels.ts";
import { findLineItems, type LineItem } from "./line-items.ts";
import { findTotals } from "./totals.ts";
import { findVendor } from "./vendor.ts";

/** The reader's answer. A field that was not found is left out. */
export interface ExtractedInvoice {
  invoiceNumber?: string;
  /** ISO 8601, as `dueDate`. */
  invoiceDate?: string;
  dueDate?: string;
  vendor?: string;
  /** ISO 4217. */
  currency?: string;
  net?: number;
  tax?: number;
  total?: number;
  /** `true` when net + tax = total. Left out when one of them was not found. */
  totalsAgree?: boolean;
  iban?: string;
  lineItems?: LineItem[];
  /** The text of all pages, pages parted by a form feed. */
  text: string;
  /** The confidence of each field, 0 to 1. */
  confidences: Record<string, number>;
}

/** Without these an invoice cannot be paid: what is missing counts as 0 in the confidence of the whole. */
const ESSENTIAL = ["invoiceNumber", "invoiceDate", "currency", "total"] as const;
/** The text stays far below the 256 KiB that a report may have. */
const LONGEST_TEXT = 60_000;

export function extractInvoice(pages: readonly Page[]): {
  confidence: number;
  extractedData: ExtractedInvoice;
} {
  const lines = toLines(pages);
  const text = toText(lines);
  const labels = findLabels(lines);
  const currency = findCurrency(text);
  const { totalsAgree, ...totals } = findTotals(lines, labels);
  const iban = findIban(text);
  const found: Record<string, Found<string | number | LineItem[]> | undefined> = {
    invoiceNumber: findInvoiceNumber(lines, labels),
    ...findInvoiceDates(lines, labels, { american: currency?.value === "USD" }),
    vendor: findVendor(lines, labels),
    currency: currency && {
      value: currency.value,
      confidence: currency.confidence * meanConfidence(pages.flatMap(({ words }) => words)),
    },
    ...totals,
    iban: iban && { value: iban.iban, confidence: iban.repaired ? 0.9 : 0.99 },
    lineItems: findLineItems(lines, labels),
  };
  const fields = Object.entries(found).filter(
    (entry): entry is [string, Found<string>] => entry[1] !== undefined,
  );
  const confidences = Object.fromEntries(
    fields.map(([name, { confidence }]) => [name, rounded(confidence)]),
  );
  const essential = ESSENTIAL.map((name) => confidences[name] ?? 0);
  return {
    confidence: rounded(essential.reduce((sum, one) => sum + one, 0) / essential.length),
    extractedData: {
      ...Object.fromEntries(fields.map(([name, { value }]) => [name, value])),
      ...(totalsAgree !== undefined && { totalsAgree }),
      text: text.slice(0, LONGEST_TEXT),
      confidences,
    },
  };
}
