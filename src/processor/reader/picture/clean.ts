import { denoise } from "./denoise.ts";
import { flatten } from "./flatten.ts";
import type { GrayImage } from "./gray-image.ts";
import { removeLeaders } from "./remove-leaders.ts";

import { removeRules } from "./remove-rules.ts";
import { rotate } from "./rotate.ts";
import { findSkew } from "./skew.ts";

/** Below this an engine copes by itself, and turning costs sharpness. */
const LEVEL_DEGREES = 0.2;
const PAPER_BLOCK_INCHES = 0.16;

/** The picture as engines like it: white paper, no grain, level lines of text, nothing else but letters. */
export function clean(image: GrayImage, dotsPerInch: number): GrayImage {
  const smooth = denoise(image);
  const skew = findSkew(smooth);
  const level = Math.abs(skew) > LEVEL_DEGREES ? rotate(smooth, -skew) : smooth;
  const white = flatten(level, Math.max(8, Math.round(PAPER_BLOCK_INCHES * dotsPerInch)));
  return removeLeaders(removeRules(white, dotsPerInch), dotsPerInch);
}
