import type { GrayImage } from "./gray-image.ts";

/** The image with each square of `factor` × `factor` pixels averaged into one. */
export function shrink(image: GrayImage, factor: number): GrayImage {
  if (factor === 1) return image;
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      let sum = 0;
      for (let row = 0; row < factor; row += 1) {
        const start = (y * factor + row) * image.width + x * factor;
        for (let at = start; at < start + factor; at += 1) sum += image.data[at] ?? 0;
      }
      data[y * width + x] = sum / (factor * factor);
    }
  return { width, height, data };
}
