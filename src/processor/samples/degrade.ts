import type { GrayImage } from "../reader/picture/gray-image.ts";
import type { Random } from "./random.ts";

const GRAINS = 4096;

/** Grain over the whole picture, specks of dust, and ink a little softer than printed. */
export function addNoise(image: GrayImage, random: Random, grain: number): GrayImage {
  const soft = blur(image);
  const grains = Float32Array.from(
    { length: GRAINS },
    () => (random.next() + random.next() + random.next() - 1.5) * grain,
  );
  for (let at = 0; at < soft.data.length; at += 1) {
    const value = (soft.data[at] ?? 0) * 0.93 + 6 + (grains[random.int(0, GRAINS - 1)] ?? 0);
    soft.data[at] = Math.max(0, Math.min(255, value));
  }
  for (let specks = soft.data.length / 2500; specks > 0; specks -= 1)
    soft.data[random.int(0, soft.data.length - 1)] = random.int(0, 90);
  return soft;
}

/** A mean over each pixel and its four neighbours, the pixel counting four times. */
function blur({ width, height, data }: GrayImage): GrayImage {
  const soft = new Uint8Array(data);
  for (let at = width; at < data.length - width; at += 1)
    soft[at] =
      (4 * (data[at] ?? 0) +
        (data[at - 1] ?? 0) +
        (data[at + 1] ?? 0) +
        (data[at - width] ?? 0) +
        (data[at + width] ?? 0)) /
      8;
  return { width, height, data: soft };
}
