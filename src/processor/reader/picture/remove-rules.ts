import type { GrayImage } from "./gray-image.ts";

const INK = 190;
/** Lines this long in inches are no strokes of letters. */
const SHORTEST_INCHES = 0.4;
/** Noise may break a line for so many inches. */
const BREAK_INCHES = 0.02;
/** The feet of letters in a row look like a broken line: a real one is whole but for this share. */
const WHOLE = 0.9;
/** Ink thicker than this in inches is no line but a letter that crosses it, or a band. */
const THICKEST_INCHES = 0.035;
const THIN = 0.8;

/** A line of pixels, a row or a column: `step` leads along it and `across` over it. */
interface Track {
  from: number;
  step: number;
  across: number;
  length: number;
}

interface Sizes {
  shortest: number;
  longestBreak: number;
  thickest: number;
}

/** The image without the lines of tables and boxes, which engines take for letters or for pictures. */
export function removeRules(image: GrayImage, dotsPerInch: number): GrayImage {
  const { width, height } = image;
  const erased = new Uint8Array(image.data);
  const sizes = {
    shortest: Math.round(SHORTEST_INCHES * dotsPerInch),
    longestBreak: Math.ceil(BREAK_INCHES * dotsPerInch),
    thickest: Math.ceil(THICKEST_INCHES * dotsPerInch),
  };
  for (let y = 0; y < height; y += 1)
    eraseAlong(
      image.data,
      erased,
      { from: y * width, step: 1, across: width, length: width },
      sizes,
    );
  for (let x = 0; x < width; x += 1)
    eraseAlong(image.data, erased, { from: x, step: width, across: 1, length: height }, sizes);
  return { width, height, data: erased };
}

function eraseAlong(data: Uint8Array, erased: Uint8Array, track: Track, sizes: Sizes) {
  for (const [start, end] of runs(data, track, sizes)) {
    const depths = Array.from({ length: end - start }, (_, index) =>
      depthAt(data, track.from + (start + index) * track.step, track.across, sizes.thickest),
    );
    const thin = depths.filter((depth) => depth.before + depth.after < sizes.thickest);
    if (thin.length < THIN * depths.length) continue;
    for (const [index, { before, after }] of depths.entries()) {
      if (before + after >= sizes.thickest) continue;
      const at = track.from + (start + index) * track.step;
      for (let offset = -before - 1; offset <= after + 1; offset += 1)
        erased[at + offset * track.across] = 255;
    }
  }
}

/** Stretches of ink, as [start, end), that are long and whole enough for a line. */
function* runs(
  data: Uint8Array,
  { from, step, length }: Track,
  { shortest, longestBreak }: Sizes,
): Generator<[number, number]> {
  let [start, last, ink] = [-1, -1, 0];
  for (let index = 0; index <= length; index += 1) {
    const dark = index < length && (data[from + index * step] ?? 255) < INK;
    if (dark) {
      if (start === -1) [start, ink] = [index, 0];
      last = index;
      ink += 1;
    } else if (start !== -1 && (index === length || index - last > longestBreak)) {
      const long = last + 1 - start;
      if (long >= shortest && ink >= WHOLE * long) yield [start, last + 1];
      start = -1;
    }
  }
}

/** The length of the ink to both sides of the line, at most a little beyond what a line may have. */
function depthAt(data: Uint8Array, at: number, across: number, thickest: number) {
  let [before, after] = [0, 0];
  while (before < thickest && (data[at - (before + 1) * across] ?? 255) < INK) before += 1;
  while (after < thickest && (data[at + (after + 1) * across] ?? 255) < INK) after += 1;
  return { before, after };
}
