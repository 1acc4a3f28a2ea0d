import type { GrayImage } from "./gray-image.ts";

/** The image turned clockwise by so many right angles. */
export function turnQuarters(image: GrayImage, quarters: number): GrayImage {
  return quarters === 0 ? image : turnQuarters(turnOnce(image), quarters - 1);
}

function turnOnce({ width, height, data }: GrayImage): GrayImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      turned[x * height + height - 1 - y] = data[y * width + x] ?? 0;
  return { width: height, height: width, data: turned };
}
