/** A field's value with how sure the reader is of it, 0 to 1. */
export interface Found<T> {
  value: T;
  confidence: number;
}

/** The surest; of equally sure ones the first. */
export function surest<T>(found: readonly Found<T>[]): Found<T> | undefined {
  return found.reduce<Found<T> | undefined>(
    (best, one) => (best && best.confidence >= one.confidence ? best : one),
    undefined,
  );
}

/** Two decimals are all that a confidence is good for. */
export function rounded(confidence: number): number {
  return Math.round(Math.max(0, Math.min(1, confidence)) * 100) / 100;
}
