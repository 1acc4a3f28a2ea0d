import { wrongFields } from "../samples/score.ts";
import type { Outcome } from "./batch.ts";

const COLUMNS = ["invoiceNumber", "invoiceDate", "vendor", "total", "currency"] as const;

/** The readings beside the names of their documents, with the fields that differ from the truth. */
export function resultTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(({ sample, status, errorCode, extractedData }) => [
    sample.name,
    errorCode ?? status,
    ...COLUMNS.map((column) => cell(extractedData[column])),
    wrongFields(extractedData, sample.truth).join(" "),
  ]);
  const all = [["document", "status", ...COLUMNS, "wrong"], ...rows];
  const widths = (all[0] ?? []).map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((text, at) => text.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function cell(value: unknown): string {
  if (value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}
