import type { GrayImage } from "./gray-image.ts";

/** A share of the pixels of a block that is paper even where the text is dense. */
const PAPER_RANK = 0.75;
/** Brightness, with paper at 255, from which on there is only paper, and up to which only ink. */
const LIGHTEST_INK = 200;
const DARKEST_INK = 40;
/** Paper darker than this is a dark band with light text. Engines read such a band without help, so it is left as it is. */
const DARKEST_PAPER = 110;

/** The image with its paper made white and its ink black: shades, the gray of a scan and faint grain disappear. */
export function flatten(image: GrayImage, block: number): GrayImage {
  const columns = Math.ceil(image.width / block);
  const paper = paperOf(image, block, columns);
  const data = new Uint8Array(image.data.length);
  for (let y = 0; y < image.height; y += 1) {
    const row = Math.floor(y / block) * columns;
    for (let x = 0; x < image.width; x += 1) {
      const white = paper[row + Math.floor(x / block)] ?? 255;
      const at = y * image.width + x;
      const value = image.data[at] ?? 0;
      data[at] = white < DARKEST_PAPER ? value : stretch((value * 255) / white);
    }
  }
  return { ...image, data };
}

function stretch(value: number): number {
  const share = (value - DARKEST_INK) / (LIGHTEST_INK - DARKEST_INK);
  return 255 * Math.max(0, Math.min(1, share));
}

/** The brightness of the paper in each block. */
function paperOf({ width, height, data }: GrayImage, block: number, columns: number): Uint8Array {
  const rows = Math.ceil(height / block);
  const paper = new Uint8Array(columns * rows);
  const histogram = new Uint32Array(256);
  for (let index = 0; index < paper.length; index += 1) {
    const left = (index % columns) * block;
    const top = Math.floor(index / columns) * block;
    const [right, bottom] = [Math.min(width, left + block), Math.min(height, top + block)];
    histogram.fill(0);
    for (let y = top; y < bottom; y += 1)
      for (let at = y * width + left; at < y * width + right; at += 1) {
        const value = data[at] ?? 0;
        histogram[value] = (histogram[value] ?? 0) + 1;
      }
    paper[index] = valueAtRank(histogram, (right - left) * (bottom - top) * PAPER_RANK);
  }
  return paper;
}

function valueAtRank(histogram: Uint32Array, rank: number): number {
  let seen = 0;
  for (const [value, count] of histogram.entries()) {
    seen += count;
    if (seen >= rank) return value;
  }
  return 255;
}
