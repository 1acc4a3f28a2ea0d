import type { GrayImage } from "./gray-image.ts";
import { findSmallPatches, type Patch } from "./small-patches.ts";

const INK = 200;
/** A full stop of large print is smaller than this. */
const LARGEST_INCHES = 0.045;
/** Dots of a leader follow one another within this distance. */
const APART_INCHES = 0.15;
const FEWEST = 7;

/** The image without dotted leaders, which engines read as rows of rubbish. Other dots stay. */
export function removeLeaders(image: GrayImage, dotsPerInch: number): GrayImage {
  const dots = findSmallPatches(image, INK, Math.max(3, Math.round(LARGEST_INCHES * dotsPerInch)));
  const data = new Uint8Array(image.data);
  for (const row of rowsOf(dots, APART_INCHES * dotsPerInch))
    if (row.length >= FEWEST && isRegular(row))
      for (const dot of row) whiten(data, dot, image.width);
  return { ...image, data };
}

/** Dots that stand at one height, one soon after the other. */
function rowsOf(dots: readonly Patch[], apart: number): Patch[][] {
  const rows: Patch[][] = [];
  let open: Patch[][] = [];
  for (const dot of dots.toSorted((a, b) => a.left - b.left)) {
    open = open.filter((row) => dot.left - rightOf(row) < apart);
    const row = open.find((other) => Math.abs((other.at(-1)?.bottom ?? 0) - dot.bottom) <= 2);
    if (row) row.push(dot);
    else {
      const started = [dot];
      open.push(started);
      rows.push(started);
    }
  }
  return rows;
}

/** Most of a leader's dots are as far from the next one as the middle pair is; specks of noise are not. */
function isRegular(row: readonly Patch[]): boolean {
  const steps = row.slice(1).map(({ left }, index) => left - (row[index]?.left ?? 0));
  const middle = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  return steps.filter((step) => Math.abs(step - middle) <= 2).length >= 0.6 * steps.length;
}

function rightOf(row: readonly Patch[]): number {
  return row.at(-1)?.right ?? 0;
}

function whiten(data: Uint8Array, { left, right, top, bottom }: Patch, width: number) {
  for (let y = Math.max(0, top - 2); y < bottom + 2; y += 1)
    data.fill(255, y * width + left - 2, y * width + right + 2);
}
