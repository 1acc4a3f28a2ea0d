/** A rectangle in points, 72 to the inch, from the top left corner of the page. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Word extends Box {
  text: string;
  /** The engine's confidence, 0 to 1. A text layer has 1. */
  confidence: number;
}

export interface Page {
  width: number;
  height: number;
  words: Word[];
  /** The source of the words. */
  source: "text" | "ocr";
}

/** Words of one line that stand close together: a table's cell, a label, a value. */
export interface Cell extends Box {
  words: Word[];
  text: string;
}

export interface Line extends Box {
  page: number;
  cells: Cell[];
  text: string;
}

export function boxAround(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map((box) => box.left)),
    top: Math.min(...boxes.map((box) => box.top)),
    right: Math.max(...boxes.map((box) => box.right)),
    bottom: Math.max(...boxes.map((box) => box.bottom)),
  };
}

export function heightOf({ top, bottom }: Box): number {
  return bottom - top;
}

export function meanConfidence(words: readonly Word[]): number {
  if (words.length === 0) return 0;
  return words.reduce((sum, word) => sum + word.confidence, 0) / words.length;
}
