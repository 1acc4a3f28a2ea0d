import type { GrayImage } from "./gray-image.ts";

/** A clean scan stays under this; film grain and the noise of a telephone's camera are over it. */
const NOISY = 6;

/** A second pass blunts letters, so coarse grain may stay after it. */
const MOST_PASSES = 2;

/** The image without its grain, or itself when it has none to speak of. */
export function denoise(image: GrayImage): GrayImage {
  let smooth = image;
  for (let pass = 0; pass < MOST_PASSES && noiseOf(smooth) > NOISY; pass += 1)
    smooth = medianOf(smooth);
  return smooth;
}

/**
 * The standard deviation of the noise by Immerkær's mask, which cancels even brightness and straight edges. The
 * middle value over blocks is taken, so that text does not count as noise.
 */
export function noiseOf({ width, height, data }: GrayImage): number {
  const block = 32;
  const found: number[] = [];
  for (let top = 1; top + block < height; top += block)
    for (let left = 1; left + block < width; left += block) {
      let sum = 0;
      for (let y = top; y < top + block; y += 1)
        for (let at = y * width + left; at < y * width + left + block; at += 1)
          sum += Math.abs(maskAt(data, at, width));
      found.push((Math.sqrt(Math.PI / 2) * sum) / (6 * block * block));
    }
  const ordered = found.toSorted((a, b) => a - b);
  return ordered[Math.floor(ordered.length / 2)] ?? 0;
}

function maskAt(data: Uint8Array, at: number, width: number): number {
  const pixel = (offset: number) => data[at + offset] ?? 0;
  const corners = pixel(-width - 1) + pixel(-width + 1) + pixel(width - 1) + pixel(width + 1);
  const sides = pixel(-width) + pixel(-1) + pixel(1) + pixel(width);
  return corners - 2 * sides + 4 * pixel(0);
}

/** Each pixel replaced by the middle one of the nine around it. */
function medianOf({ width, height, data }: GrayImage): GrayImage {
  const median = new Uint8Array(data);
  const around = new Uint8Array(9);
  for (let y = 1; y < height - 1; y += 1)
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      for (let row = 0; row < 3; row += 1) {
        const start = at + (row - 1) * width - 1;
        around[row * 3] = data[start] ?? 0;
        around[row * 3 + 1] = data[start + 1] ?? 0;
        around[row * 3 + 2] = data[start + 2] ?? 0;
      }
      median[at] = middleOf(around);
    }
  return { width, height, data: median };
}

/** Insertion sort: nine values are too few for anything else. */
function middleOf(values: Uint8Array): number {
  for (let end = 1; end < values.length; end += 1) {
    const value = values[end] ?? 0;
    let at = end;
    while (at > 0 && (values[at - 1] ?? 0) > value) {
      values[at] = values[at - 1] ?? 0;
      at -= 1;
    }
    values[at] = value;
  }
  return values[4] ?? 0;
}
