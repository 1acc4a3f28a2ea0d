import type { GrayImage } from "./gray-image.ts";

/** A patch of touching ink. */
export interface Patch {
  left: number;
  top: number;
  right: number;
  bottom: number;
  pixels: number[];
}

/** Patches of ink up to `largest` pixels wide and high: dots, commas, specks. */
export function findSmallPatches(
  { width, data }: GrayImage,
  ink: number,
  largest: number,
): Patch[] {
  const open = data.map((value) => (value < ink ? 1 : 0));
  const around = [-width - 1, -width, -width + 1, -1, 1, width - 1, width, width + 1];
  const patches: Patch[] = [];
  for (let seed = 0; seed < data.length; seed += 1) {
    if (open[seed] === 0) continue;
    const pixels = fill(open, seed, around);
    if (pixels.length > largest * largest) continue;
    const patch = patchOf(pixels, width);
    if (patch.right - patch.left <= largest && patch.bottom - patch.top <= largest)
      patches.push(patch);
  }
  return patches;
}

/** All pixels that touch the seed's ink, which are closed from then on. */
function fill(open: Uint8Array, seed: number, around: readonly number[]): number[] {
  const pixels = [seed];
  open[seed] = 0;
  for (let index = 0; index < pixels.length; index += 1)
    for (const offset of around) {
      const next = (pixels[index] ?? 0) + offset;
      if (open[next] !== 1) continue;
      open[next] = 0;
      pixels.push(next);
    }
  return pixels;
}

function patchOf(pixels: number[], width: number): Patch {
  const columns = pixels.map((at) => at % width);
  const rows = pixels.map((at) => Math.floor(at / width));
  return {
    left: Math.min(...columns),
    right: Math.max(...columns) + 1,
    top: Math.min(...rows),
    bottom: Math.max(...rows) + 1,
    pixels,
  };
}
