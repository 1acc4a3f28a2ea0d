import type { ExtractedInvoice } from "../reader/extract/extract-invoice.ts";
import type { Truth } from "./invoice.ts";

export const FIELDS = [
  "invoiceNumber",
  "invoiceDate",
  "dueDate",
  "vendor",
  "currency",
  "net",
  "tax",
  "total",
  "iban",
  "lineItems",
] as const;
export type Field = (typeof FIELDS)[number];
export const ESSENTIAL: readonly Field[] = ["invoiceNumber", "invoiceDate", "total", "currency"];

/** A sample that was read. */
export interface Scored {
  /** Fields that differ from the truth. A field that is not on the invoice must not be found. */
  wrong: Field[];
}

/** Compares to the letter. Line items are right when every row is right in all its columns. */
export function wrongFields(read: Partial<ExtractedInvoice>, truth: Truth): Field[] {
  return FIELDS.filter((field) => comparable(read[field]) !== comparable(truth[field]));
}

function comparable(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The share of fields that are right, 0 to 1. */
export function shareRight(scored: readonly Scored[], fields: readonly Field[]): number {
  const wrong = scored.flatMap((one) => one.wrong.filter((field) => fields.includes(field)));
  return 1 - wrong.length / (scored.length * fields.length);
}

/** The same share as people read it. */
export function share(scored: readonly Scored[], fields: readonly Field[]): string {
  const total = scored.length * fields.length;
  const right = Math.round(shareRight(scored, fields) * total);
  return `${right}/${total} (${Math.round((100 * right) / total)} %)`;
}
