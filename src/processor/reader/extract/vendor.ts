import { type Cell, heightOf, type Line, meanConfidence } from "../layout/word.ts";
import { findAmounts } from "./amounts.ts";
import { findDates } from "./dates.ts";
import { fold } from "./fold.ts";
import type { Found } from "./found.ts";
import type { Label } from "./labels.ts";

const LEGAL_FORM =
  /(?<!\p{L})(?:GmbH|mbH|AG|KG|OHG|UG|e\.\s?K\.?|e\.\s?V\.?|SE|Ltd\.?|Limited|LLP|LLC|Inc\.?|Corp\.?|PLC|SARL|S\.?à\.?\s?r\.?l\.?|Sàrl|Sarl|SAS|SASU|EURL|SA|S\.A\.|BV|B\.V\.|NV|SpA|S\.r\.l\.)(?!\p{L})/u;
const POSTCODE =
  /(?<!\d)(?:[A-Z]{1,2}-)?\d{4,5}\s+\p{Lu}|\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b|\b[A-Z]{2}\s+\d{5}\b/u;
const HOUSE_NUMBER = /^\d+\s|\s\d+\s?[a-z]?$/i;
const TITLE =
  /^(?:rechnung|invoice|facture|taxinvoice|quittung|gutschrift|creditnote|avoir|rechnungsnr|seite|page)/;
/** Marks between the parts of a sender's line. */
const PARTS = /\s+[·•|*—–-]\s+|\s*[·•|]\s*|,\s+/;
/** The address of a recipient stands within so many lines under its label. */
const ADDRESS_LINES = 4;

interface Candidate {
  name: string;
  score: number;
  confidence: number;
}

/**
 * The sender's name. It stands in large letters at the top, before the sender's address, or in the footer, often at
 * several of these places; the recipient's name stands in none of them but may have a legal form as well.
 */
export function findVendor(
  lines: readonly Line[],
  labels: readonly Label[],
): Found<string> | undefined {
  const page = lines.filter((line) => line.page === 0);
  const recipient = new Set(recipientCells(page, labels));
  const size = medianHeight(page);
  const bottom = Math.max(...page.map((line) => line.bottom));
  const candidates = page.flatMap((line, index) =>
    line.cells.flatMap((cell) => {
      const [name = "", ...rest] = cell.text.split(PARTS).map((part) => part.trim());
      if (recipient.has(cell) || !isName(name, line, labels, cell)) return [];
      const addressed = POSTCODE.test(rest.join(" ")) || hasAddressBelow(page, index, cell);
      const score =
        (LEGAL_FORM.test(name) ? 2 : 0) +
        (addressed ? 2 : 0) +
        Math.min(2, Math.max(0, heightOf(cell) / size - 1.25) * 3) +
        (cell.top < bottom * 0.2 ? 1.5 : 0) -
        (HOUSE_NUMBER.test(name) ? 2 : 0) +
        (cell.top > bottom * 0.93 ? 0.5 : 0) -
        (index > 12 && cell.top < bottom * 0.85 ? 3 : 0);
      return [{ name, score, confidence: meanConfidence(cell.words) }];
    }),
  );
  const best = withRepeats(candidates, page).toSorted((a, b) => b.score - a.score)[0];
  if (!best || best.score < 2) return undefined;
  return {
    value: best.name,
    confidence: best.confidence * Math.min(0.95, 0.4 + best.score * 0.08),
  };
}

function isName(name: string, line: Line, labels: readonly Label[], cell: Cell): boolean {
  if (!/\p{L}{2}/u.test(name) || name.length > 60 || TITLE.test(fold(name))) return false;
  if (findDates(name).length > 0 || findAmounts(name).length > 0 || POSTCODE.test(name))
    return false;
  if (/[@:]|www\.|\d{3}/.test(name)) return false;
  return !labels.some((label) => label.line === line && label.left === cell.left);
}

/** Cells of the block under or beside "Bill to", which holds the recipient's name. */
function recipientCells(lines: readonly Line[], labels: readonly Label[]): Cell[] {
  return labels
    .filter((label) => label.kind === "recipient" && (label.strength === 1 || isWholeCell(label)))
    .flatMap((label) => {
      const own = label.line.cells.slice(label.cell, label.cell + 2);
      const under = lines.filter(
        (line) =>
          line.top >= label.bottom - 1 &&
          line.top < label.bottom + ADDRESS_LINES * 2 * heightOf(label),
      );
      const near = under.flatMap((line) =>
        line.cells.filter((cell) => cell.left < label.right + 60 && cell.right > label.left - 10),
      );
      return [...own, ...near];
    });
}

function isWholeCell({ line, cell, next }: Label): boolean {
  const words = line.cells[cell]?.words;
  return words?.length === next || (words?.[next - 1]?.text.endsWith(":") ?? false);
}

/** A street and a town under the name, in the same column. */
function hasAddressBelow(lines: readonly Line[], index: number, cell: Cell): boolean {
  return lines
    .slice(index + 1, index + 4)
    .some((line) =>
      line.cells.some(
        (other) =>
          other.left < cell.right &&
          other.right > cell.left &&
          other.top - cell.bottom < 4 * heightOf(other) &&
          POSTCODE.test(other.text),
      ),
    );
}

/** A name that stands at several places is the sender's, and so is one that its web or mail address repeats. */
function withRepeats(candidates: readonly Candidate[], lines: readonly Line[]): Candidate[] {
  const text = fold(lines.map((line) => line.text).join(" "));
  return candidates.map((candidate) => {
    const repeats = text.split(fold(candidate.name)).length - 2;
    return { ...candidate, score: candidate.score + Math.min(3, 2 * Math.max(0, repeats)) };
  });
}

function medianHeight(lines: readonly Line[]): number {
  const heights = lines.flatMap(({ cells }) => cells.map(heightOf)).toSorted((a, b) => a - b);
  return heights[Math.floor(heights.length / 2)] ?? 1;
}
