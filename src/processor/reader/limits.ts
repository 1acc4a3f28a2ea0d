/** Bounds of one document. A document past one of them is `Unreadable`, with an errorCode that says which. */
export interface Limits {
  /** Bytes of the file. */
  maxBytes: number;
  maxPages: number;
  /** Pixels of one image, also of one inside a PDF. */
  maxPixels: number;
  /** Memory of the process that reads, all of it. */
  maxMemoryBytes: number;
  /** Time for the whole document. */
  timeoutMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxBytes: 64 * 1024 * 1024,
  maxPages: 50,
  maxPixels: 60_000_000,
  maxMemoryBytes: 1024 * 1024 * 1024,
  timeoutMs: 120_000,
};
