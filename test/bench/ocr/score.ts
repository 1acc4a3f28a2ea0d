import type { ExtractedInvoice } from "../../../src/processor/reader/extract/extract-invoice.ts";
import type { Truth } from "../../../src/processor/samples/invoice.ts";
import { KINDS, type Kind } from "../../../src/processor/samples/make-samples.ts";

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

export interface Scored {
  name: string;
  kind: Kind;
  seconds: number;
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

/** Right answers by field and kind, then the two aims, then the time, as Markdown. */
export function report(scored: readonly Scored[]): string {
  const rows = FIELDS.map((field) => [
    field,
    ...KINDS.map((kind) =>
      share(
        scored.filter((one) => one.kind === kind),
        [field],
      ),
    ),
    share(scored, [field]),
  ]);
  return [
    table([["field", ...KINDS, "all"], ...rows]),
    `essential (${ESSENTIAL.join(", ")}): ${share(scored, ESSENTIAL)}`,
    `all fields: ${share(scored, FIELDS)}`,
    ...KINDS.map(
      (kind) => `${kind}: ${secondsAPage(scored.filter((one) => one.kind === kind))} s a page`,
    ),
  ].join("\n\n");
}

/** The share of fields that are right, 0 to 1. */
export function shareRight(scored: readonly Scored[], fields: readonly Field[]): number {
  const wrong = scored.flatMap((one) => one.wrong.filter((field) => fields.includes(field)));
  return 1 - wrong.length / (scored.length * fields.length);
}

function share(scored: readonly Scored[], fields: readonly Field[]): string {
  const total = scored.length * fields.length;
  const right = Math.round(shareRight(scored, fields) * total);
  return `${right}/${total} (${Math.round((100 * right) / total)} %)`;
}

function secondsAPage(scored: readonly Scored[]): string {
  return (scored.reduce((sum, one) => sum + one.seconds, 0) / scored.length).toFixed(2);
}

function table([head = [], ...rows]: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
