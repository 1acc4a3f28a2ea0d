import type { Word } from "../layout/word.ts";
import { type Pdfium, withMemory } from "./pdfium.ts";

interface Glyph {
  character: string;
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export interface TextLayer {
  words: Word[];
  /** Visible characters, and how many of them the font gives no meaning to. */
  characters: number;
  unknown: number;
}

const REPLACEMENT = "\ufffd";

/** The words of a page's text layer. A word ends at a space, a jump or a change of line. */
export function readTextLayer(pdfium: Pdfium, page: number, pageHeight: number): TextLayer {
  const text = pdfium.FPDFText_LoadPage(page);
  try {
    const glyphs = readGlyphs(pdfium, text, pageHeight);
    const visible = glyphs.filter((glyph) => glyph !== null);
    return {
      words: toWords(glyphs),
      characters: visible.length,
      unknown: visible.filter(({ character }) => character === REPLACEMENT).length,
    };
  } finally {
    pdfium.FPDFText_ClosePage(text);
  }
}

/** Glyphs in the order of the text, null where a space or a line's end is. */
function readGlyphs(pdfium: Pdfium, text: number, pageHeight: number): (Glyph | null)[] {
  return withMemory(pdfium, 32, (pointer) => {
    const glyphs: (Glyph | null)[] = [];
    const count = pdfium.FPDFText_CountChars(text);
    for (let index = 0; index < count; index += 1) {
      const character = characterAt(pdfium, text, index);
      const boxed = pdfium.FPDFText_GetCharBox(
        text,
        index,
        pointer,
        pointer + 8,
        pointer + 16,
        pointer + 24,
      );
      if (!boxed || character === "") {
        glyphs.push(null);
        continue;
      }
      const [left = 0, right = 0, bottom = 0, top = 0] = pdfium.pdfium.HEAPF64.subarray(
        pointer / 8,
        pointer / 8 + 4,
      );
      glyphs.push({ character, left, right, top: pageHeight - top, bottom: pageHeight - bottom });
    }
    return glyphs;
  });
}

function characterAt(pdfium: Pdfium, text: number, index: number): string {
  const code = pdfium.FPDFText_GetUnicode(text, index);
  if (pdfium.FPDFText_HasUnicodeMapError(text, index) === 1 || (code >= 0xe000 && code <= 0xf8ff))
    return REPLACEMENT;
  if (code === 0 || code > 0x10_ffff || (code < 0x20 && code !== 0)) return "";
  const character = String.fromCodePoint(code);
  return /\s|\u00ad|\p{Cc}/u.test(character) ? "" : character;
}

function toWords(glyphs: readonly (Glyph | null)[]): Word[] {
  const words: Glyph[][] = [];
  let open = false;
  for (const glyph of glyphs) {
    const last = words.at(-1);
    const previous = last?.at(-1);
    if (!glyph) open = false;
    else if (open && last && previous && continues(glyph, previous)) last.push(glyph);
    else {
      words.push([glyph]);
      open = true;
    }
  }
  return words.map((word) => ({
    text: word.map(({ character }) => character).join(""),
    left: Math.min(...word.map(({ left }) => left)),
    right: Math.max(...word.map(({ right }) => right)),
    top: Math.min(...word.map(({ top }) => top)),
    bottom: Math.max(...word.map(({ bottom }) => bottom)),
    confidence: 1,
  }));
}

function continues(glyph: Glyph, previous: Glyph): boolean {
  const height = Math.max(glyph.bottom - glyph.top, previous.bottom - previous.top);
  const gap = glyph.left - previous.right;
  return (
    gap < height &&
    gap > -2 * height &&
    glyph.top < previous.bottom + height &&
    glyph.bottom > previous.top - height
  );
}
