import type { Company } from "../locales.ts";
import type { Labelled, Printed } from "../invoice.ts";
import type { Sheet, TextStyle } from "../sheet.ts";

export interface Column {
  x: number;
  align: "left" | "right";
  key: keyof Printed["rows"][number];
}

/** An address, a line each. Returns the y below it. */
export function drawAddress(
  sheet: Sheet,
  { x, y, step = 14, ...style }: { x: number; y: number; step?: number } & TextStyle,
  { name, street, town }: Company,
): number {
  const lines = [name, street, town];
  for (const [index, line] of lines.entries()) sheet.text(x, y + index * step, line, style);
  return y + lines.length * step;
}

/** Column heads and rows; `drawHead` and `drawRow` put lines or shades behind them. Returns the y below the table. */
export function drawTable(
  sheet: Sheet,
  { y, step, columns, bold }: { y: number; step: number; columns: Column[]; bold: TextStyle },
  { rows, words }: Printed,
): number {
  for (const { x, align, key } of columns) sheet.text(x, y, words[key], { align, ...bold });
  for (const [index, row] of rows.entries())
    for (const { x, align, key } of columns)
      sheet.text(x, y + (index + 1) * step, row[key], { align });
  return y + (rows.length + 1) * step;
}

/** Labels on the left of values. Returns the y below them. */
export function drawPairs(
  sheet: Sheet,
  {
    x,
    valueX,
    y,
    step,
    align = "left",
  }: { x: number; valueX: number; y: number; step: number; align?: "left" | "right" },
  pairs: (Labelled | undefined)[],
): number {
  const shown = pairs.filter((pair) => pair !== undefined);
  for (const [index, { label, value }] of shown.entries()) {
    sheet.text(x, y + index * step, label);
    sheet.text(valueX, y + index * step, value, { align });
  }
  return y + shown.length * step;
}
