import type { GrayImage } from "./gray-image.ts";
import { shrink } from "./shrink.ts";

const WIDEST_DEGREES = 6;
const COARSE_STEP = 0.5;
const FINE_STEP = 0.05;
const SHRUNK_WIDTH = 700;
const EDGE = 40;
/** Fewer edges than this are no text: no angle is better than another. */
const FEWEST_EDGES = 300;

/** The angle by which the lines of text fall to the right, in degrees: `rotate(image, -skew)` levels them. */
export function findSkew(image: GrayImage): number {
  const small = shrink(image, Math.max(1, Math.floor(image.width / SHRUNK_WIDTH)));
  const edges = findLowerEdges(small);
  if (edges.length < FEWEST_EDGES) return 0;
  const coarse = bestAngle(small, edges, 0, WIDEST_DEGREES, COARSE_STEP);
  return bestAngle(small, edges, coarse, COARSE_STEP, FINE_STEP);
}

/** Pixels where ink ends and paper begins below: baselines, where there is text. */
function findLowerEdges({ width, data }: GrayImage): Uint32Array {
  const found: number[] = [];
  for (let at = 0; at < data.length - width; at += 1)
    if ((data[at + width] ?? 0) - (data[at] ?? 0) > EDGE) found.push(at);
  return Uint32Array.from(found);
}

function bestAngle(
  image: GrayImage,
  edges: Uint32Array,
  middle: number,
  reach: number,
  step: number,
) {
  let best = { angle: middle, sharpness: -1 };
  for (let turn = -reach; turn <= reach + step / 2; turn += step) {
    const sharpness = sharpnessAt(image, edges, middle + turn);
    if (sharpness > best.sharpness) best = { angle: middle + turn, sharpness };
  }
  return Math.round(best.angle / FINE_STEP) * FINE_STEP;
}

/** Edges that fall into few rows at this angle give a high sum of squares. */
function sharpnessAt({ width, height }: GrayImage, edges: Uint32Array, degrees: number): number {
  const slope = Math.tan((degrees * Math.PI) / 180);
  const margin = Math.ceil(Math.abs(slope) * width) + 1;
  const rows = new Uint32Array(height + 2 * margin);
  for (const at of edges) {
    const x = at % width;
    const row = Math.round((at - x) / width - slope * x) + margin;
    rows[row] = (rows[row] ?? 0) + 1;
  }
  return rows.reduce((sum, count) => sum + count * count, 0);
}
