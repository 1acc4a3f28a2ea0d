import { boxAround, type Cell, heightOf, type Line, type Page, type Word } from "./word.ts";

/** A gap wider than this many times the height of the words separates cells. */
const CELL_GAP = 1.35;

/** Dots of a leader, or a mark that the engine itself does not believe in. */
const LEADER = /^[.·•_…]+$/;
const MARKS = /^[^\p{L}\p{N}€$£#&]+$/u;
const DOUBTFUL = 0.7;

/** The words of all pages as lines from top to bottom, cut into cells at wide gaps. */
export function toLines(pages: readonly Page[]): Line[] {
  return pages.flatMap(({ words }, page) =>
    groupByLine(words.filter((word) => !isNoise(word))).map((line) => makeLine(line, page)),
  );
}

function isNoise({ text, confidence }: Word): boolean {
  return LEADER.test(text) || (confidence < DOUBTFUL && MARKS.test(text));
}

/** The text of the lines as a person would type it: a line each, cells set apart, pages by a form feed. */
export function toText(lines: readonly Line[]): string {
  const pages = Map.groupBy(lines, ({ page }) => page);
  return [...pages.values()].map((page) => page.map(({ text }) => text).join("\n")).join("\n\f\n");
}

/** A word belongs to a line when its middle lies within the height of the line's last word near it. */
function groupByLine(words: readonly Word[]): Word[][] {
  const groups: { words: Word[]; middle: number; height: number }[] = [];
  for (const word of words.toSorted((a, b) => middleOf(a) - middleOf(b))) {
    const middle = middleOf(word);
    const group = groups.findLast(
      (other) =>
        Math.abs(other.middle - middle) < 0.45 * Math.max(heightOf(word), other.height) &&
        other.words.every(
          (placed) => placed.right <= word.left + 1 || placed.left >= word.right - 1,
        ),
    );
    if (!group) {
      groups.push({ words: [word], middle, height: heightOf(word) });
      continue;
    }
    group.words.push(word);
    group.middle += (middle - group.middle) / group.words.length;
    group.height = Math.max(group.height, heightOf(word));
  }
  return groups.map((group) => group.words.toSorted((a, b) => a.left - b.left));
}

function makeLine(words: readonly Word[], page: number): Line {
  const heights = words.map(heightOf).toSorted((a, b) => a - b);
  const gap = CELL_GAP * (heights[Math.floor(heights.length / 2)] ?? 0);
  const groups: Word[][] = [];
  for (const word of words) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && word.left - before.right <= gap) last.push(word);
    else groups.push([word]);
  }
  const cells = groups.map(makeCell);
  return { ...boxAround(cells), page, cells, text: cells.map(({ text }) => text).join("   ") };
}

export function makeCell(words: Word[]): Cell {
  return { ...boxAround(words), words, text: words.map(({ text }) => text).join(" ") };
}

function middleOf({ top, bottom }: Word): number {
  return (top + bottom) / 2;
}
