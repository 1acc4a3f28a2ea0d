import type { Line } from "../layout/word.ts";
import { meanConfidence } from "../layout/word.ts";
import { addDays, findDates, hasMonthFirstDate } from "./dates.ts";
import { type Found, surest } from "./found.ts";
import type { Label, LabelKind } from "./labels.ts";
import { valuesOf } from "./values.ts";

const DAYS = /(\d{1,3})\s*(?:tagen?|days?|jours?)\b/i;
const NET_DAYS = /\bnet\s*(\d{1,3})\b/i;
const TERMS = /zahl|ziel|fällig|netto|innert|pay|terms|due|net|paiement|conditions|règle|échéance/i;
const AT_ONCE = /upon receipt|on receipt|sofort (?:fällig|zahlbar)|à réception/i;

export interface InvoiceDates {
  invoiceDate?: Found<string>;
  dueDate?: Found<string>;
}

/** `american`: the invoice is in dollars, so that 03/04/2024 is likely the 4th of March. */
export function findInvoiceDates(
  lines: readonly Line[],
  labels: readonly Label[],
  { american }: { american: boolean },
): InvoiceDates {
  const text = lines.map((line) => line.text).join("\n");
  const monthFirst = hasMonthFirstDate(text) || (american && !hasDayFirstDate(text));
  const invoiceDate =
    findLabelled("invoiceDate", lines, labels, monthFirst) ??
    firstUnlabelled(lines, labels, monthFirst);
  const dueDate =
    findLabelled("dueDate", lines, labels, monthFirst) ??
    (invoiceDate && dueByTerms(lines, invoiceDate));
  return { ...(invoiceDate && { invoiceDate }), ...(dueDate && { dueDate }) };
}

function findLabelled(
  kind: LabelKind,
  lines: readonly Line[],
  labels: readonly Label[],
  monthFirst: boolean,
): Found<string> | undefined {
  const found = labels
    .filter((label) => label.kind === kind)
    .flatMap((label) =>
      valuesOf(label, lines, labels).flatMap(({ text, nearness, confidence }) => {
        const [date] = findDates(text, { monthFirst });
        if (!date || date.start > 12) return [];
        const doubt = date.ambiguous && text.includes("/") ? 0.9 : 1;
        return [
          { value: date.iso, confidence: label.strength ** 0.3 * nearness * confidence * doubt },
        ];
      }),
    );
  return surest(found);
}

/** A letter's date stands alone at its top: the first date in no line with a label of another date. */
function firstUnlabelled(
  lines: readonly Line[],
  labels: readonly Label[],
  monthFirst: boolean,
): Found<string> | undefined {
  for (const line of lines) {
    const [date] = findDates(line.text, { monthFirst });
    if (!date) continue;
    if (
      labels.some(
        (label) => label.line === line && (label.kind === "dueDate" || label.kind === "other"),
      )
    )
      continue;
    return {
      value: date.iso,
      confidence: 0.6 * meanConfidence(line.cells.flatMap(({ words }) => words)),
    };
  }
  return undefined;
}

/** "Payable within 30 days", counted from the invoice's date. */
function dueByTerms(lines: readonly Line[], invoiceDate: Found<string>): Found<string> | undefined {
  for (const { text } of lines) {
    if (AT_ONCE.test(text)) return invoiceDate;
    const days = TERMS.test(text) ? (DAYS.exec(text)?.[1] ?? NET_DAYS.exec(text)?.[1]) : undefined;
    if (days === undefined) continue;
    return {
      value: addDays(invoiceDate.value, Number(days)),
      confidence: 0.8 * invoiceDate.confidence,
    };
  }
  return undefined;
}

function hasDayFirstDate(text: string): boolean {
  return [...text.matchAll(/(?<!\d)(\d{1,2})\/(\d{1,2})\/\d{4}/g)].some(
    ([, first]) => Number(first) > 12,
  );
}
