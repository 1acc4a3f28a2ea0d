/** A number in a text that looks like money, with the part of the text it was read from. */
export interface FoundAmount {
  value: number;
  start: number;
  end: number;
}

/** Marks between thousands: also what OCR engines make of the Swiss apostrophe. */
const THOUSANDS = "[.,'’‘´`°\"* \\u00a0\\u202f]";
/** A whole part of one to three digits with groups of three behind it, or of any length, and two decimals. */
const MONEY = new RegExp(
  `(?<![\\d\\p{L}]|\\d[.,'’])([-–−]\\s?)?(\\d{1,3}(?:${THOUSANDS}\\d{3})+|\\d+)\\s?[.,]\\s?(\\d{2})(?!\\d|[.,]\\s?\\d|\\s?%)(-(?!\\d))?`,
  "gu",
);
/** Letters that engines read for digits. */
const LOOKALIKES: Record<string, string> = {
  O: "0",
  o: "0",
  l: "1",
  I: "1",
  "|": "1",
  S: "5",
  B: "8",
};

/** All amounts with two decimals, in any of 1,234.56 and 1.234,56 and 1 234,56 and 1'234.56. */
export function findAmounts(text: string): FoundAmount[] {
  return [...repairDigits(text).matchAll(MONEY)].flatMap((match) => {
    const [all, minus, whole = "", cents, trailingMinus] = match;
    const value = Number(`${whole.replaceAll(/\D/g, "")}.${cents}`);
    const sign = minus || trailingMinus ? -1 : 1;
    return [{ value: sign * value, start: match.index, end: match.index + all.length }];
  });
}

/**
 * A number on its own, with or without decimals, as quantities and unit prices are written; null for anything else.
 * A single mark before exactly three digits separates thousands, unless `decimal` names it.
 */
export function parseNumber(text: string, decimal?: "." | ","): number | null {
  const plain = repairDigits(text)
    .replaceAll(/[^\d.,'’\- ]/g, "")
    .trim();
  const match = /^(-)?\s?(\d[\d.,'’ ]*)(-)?$/.exec(plain);
  if (!match) return null;
  const digits = (match[2] ?? "").replaceAll(/['’ ]/g, "").replace(/[.,]$/, "");
  const value = Number(toPoint(digits, decimal));
  if (!Number.isFinite(value)) return null;
  return match[1] || match[3] ? -value : value;
}

/** The mark that separates decimals in most of the text's amounts. */
export function decimalMark(text: string): "." | "," {
  const commas = [...text.matchAll(/\d,\d{2}(?!\d)/g)].length;
  const points = [...text.matchAll(/\d\.\d{2}(?![\d.])/g)].length;
  return commas > points ? "," : ".";
}

function toPoint(digits: string, decimal: "." | "," | undefined): string {
  const last = Math.max(digits.lastIndexOf("."), digits.lastIndexOf(","));
  if (last === -1) return digits;
  const mark = digits[last];
  const repeated = digits.indexOf(mark ?? "") !== last;
  const groups =
    /[.,]\d{3}$/.test(digits) && decimal !== mark && !/[.,]/.test(digits.slice(0, last));
  if (repeated || groups) return digits.replaceAll(/[.,]/g, "");
  return `${digits.slice(0, last).replaceAll(/[.,]/g, "")}.${digits.slice(last + 1)}`;
}

/** Letters between digits become the digits they look like. The length stays. */
function repairDigits(text: string): string {
  return text.replaceAll(
    /(?<=\d[.,]?)[OolI|SB](?=[.,\d]|\b)|[OolI|SB](?=\d*[.,]\d{2}\b)/g,
    (letter) => LOOKALIKES[letter] ?? letter,
  );
}
