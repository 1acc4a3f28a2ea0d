/** Begins what a spreadsheet may run, also behind blanks and in the wide forms of East Asian fonts. */
const FORMULA = /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;
/** A plain number runs nothing, and stays one. */
const NUMBER = /^[+-]?\d+(\.\d+)?$/;
const QUOTED = /[",\r\n]/;

/** One line (RFC 4180). Objects and lists are JSON in their cell, and what has no value is an empty one. */
export const csvLine = (values: readonly unknown[]): string => `${values.map(cell).join()}\r\n`;

function cell(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return quoted(defused(value));
  return quoted(JSON.stringify(value));
}

const quoted = (text: string): string =>
  QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** A text in front of which a spreadsheet sees an apostrophe is text to it. */
const defused = (text: string): string =>
  FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
