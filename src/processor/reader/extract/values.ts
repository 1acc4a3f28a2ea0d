import { type Cell, heightOf, type Line, meanConfidence, type Word } from "../layout/word.ts";
import type { Label } from "./labels.ts";

/** A text that may be the value of a label. */
export interface Value {
  text: string;
  /** The chance, 0 to 1, that this place holds the value: 1 right behind the label, less for farther places. */
  nearness: number;
  /** The engine's confidence in the words. */
  confidence: number;
}

/** Values below a label start within this many heights of the label. */
const REACH_BELOW = 3.2;

/** The texts at the places where forms put a label's value: behind it, right of it, below it. */
export function valuesOf(label: Label, lines: readonly Line[], labels: readonly Label[]): Value[] {
  const { line, cell } = label;
  const own = line.cells[cell];
  const values: Value[] = [];
  const behind = own?.words.slice(label.next, nextLabelIn(label, labels)) ?? [];
  if (behind.length > 0) values.push(makeValue(behind, 1));
  for (const [distance, right] of line.cells.slice(cell + 1).entries()) {
    if (startsWithLabel(right, line, labels)) break;
    values.push(makeValue(right.words, 0.95 - 0.1 * distance));
  }
  const below = findBelow(label, lines, labels);
  if (below) values.push(makeValue(below.words, 0.85));
  return values;
}

/** The cell under the label, in the next line that has one there. */
function findBelow(
  label: Label,
  lines: readonly Line[],
  labels: readonly Label[],
): Cell | undefined {
  const reach = REACH_BELOW * heightOf(label);
  for (const line of lines) {
    if (line.page !== label.line.page || line.top < label.bottom - 1) continue;
    if (line.top > label.bottom + reach) return undefined;
    const cell = line.cells.find(
      (other) =>
        other.left < label.right &&
        other.right > label.left &&
        !startsWithLabel(other, line, labels),
    );
    if (cell) return cell;
  }
  return undefined;
}

function nextLabelIn(label: Label, labels: readonly Label[]): number | undefined {
  const later = labels.find(
    (other) =>
      other.line === label.line &&
      other.cell === label.cell &&
      other.next > label.next &&
      other.strength === 1,
  );
  const words = label.line.cells[label.cell]?.words ?? [];
  return later && words.findIndex((word) => word.left === later.left);
}

function startsWithLabel(cell: Cell, line: Line, labels: readonly Label[]): boolean {
  return labels.some(
    (label) =>
      label.line === line &&
      label.left === cell.left &&
      label.top >= cell.top &&
      label.strength === 1,
  );
}

function makeValue(words: Word[], nearness: number): Value {
  return {
    text: words
      .map(({ text }) => text)
      .join(" ")
      .replace(/^[\s:.#]+/, ""),
    nearness,
    confidence: meanConfidence(words),
  };
}
