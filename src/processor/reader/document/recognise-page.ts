import type { Page } from "../layout/word.ts";
import { clean } from "../picture/clean.ts";
import type { GrayImage } from "../picture/gray-image.ts";
import type { OcrEngine } from "./engine.ts";

/** A picture of a page, cleaned, levelled and read. Boxes become points. */
export async function recognisePage(
  engine: OcrEngine,
  image: GrayImage,
  dotsPerInch: number,
): Promise<Page> {
  const scale = 72 / dotsPerInch;
  const words = await engine.recognise(clean(image, dotsPerInch), dotsPerInch);
  return {
    width: image.width * scale,
    height: image.height * scale,
    source: "ocr",
    words: words.map(({ text, confidence, left, right, top, bottom }) => ({
      text,
      confidence,
      left: left * scale,
      right: right * scale,
      top: top * scale,
      bottom: bottom * scale,
    })),
  };
}
