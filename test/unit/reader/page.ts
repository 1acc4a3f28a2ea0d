import type { Page } from "../../../src/processor/reader/layout/word.ts";

const CHARACTER = 5;
const LINE = 14;

/**
 * A page as a text layer would give it, from lines of fixed width: a character is 5 points wide and a line 14 high.
 * Two or more spaces make a gap between cells.
 */
export function pageOf(text: string): Page {
  const words = text.split("\n").flatMap((line, row) =>
    Array.from(line.matchAll(/\S+/g), ({ 0: word, index }) => ({
      text: word,
      confidence: 1,
      left: index * CHARACTER,
      right: (index + word.length) * CHARACTER - 1,
      top: row * LINE,
      bottom: row * LINE + 7,
    })),
  );
  return { width: 595, height: 842, words, source: "text" };
}
