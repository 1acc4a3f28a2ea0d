import type { GrayImage } from "./gray-image.ts";

/** The image turned about its centre, clockwise for a positive angle, with white where nothing was. */
export function rotate({ width, height, data }: GrayImage, degrees: number): GrayImage {
  const turned = new Uint8Array(width * height).fill(255);
  const angle = (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
  const [midX, midY] = [(width - 1) / 2, (height - 1) / 2];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const fromX = cos * (x - midX) + sin * (y - midY) + midX;
      const fromY = cos * (y - midY) - sin * (x - midX) + midY;
      const [left, top] = [Math.floor(fromX), Math.floor(fromY)];
      if (left < 0 || top < 0 || left >= width - 1 || top >= height - 1) continue;
      const [shareX, shareY] = [fromX - left, fromY - top];
      const at = top * width + left;
      const above = (data[at] ?? 255) * (1 - shareX) + (data[at + 1] ?? 255) * shareX;
      const below =
        (data[at + width] ?? 255) * (1 - shareX) + (data[at + width + 1] ?? 255) * shareX;
      turned[y * width + x] = above * (1 - shareY) + below * shareY;
    }
  return { width, height, data: turned };
}
