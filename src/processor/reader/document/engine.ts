import type { Word } from "../layout/word.ts";
import type { GrayImage } from "../picture/gray-image.ts";

/** Reads the words of one upright picture. Boxes are in pixels. */
export interface OcrEngine {
  recognise(image: GrayImage, dotsPerInch: number): Promise<Word[]>;
  close(): Promise<void>;
}
