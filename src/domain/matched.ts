/** Finished jobs that a choice matches, by the status that they leave, and what completed ones add to the statistics. */
export interface Matched {
  readonly failed: number;
  readonly completed: number;
  readonly pages: number;
  readonly processingMs: number;
}

export const NONE_MATCHED: Matched = { failed: 0, completed: 0, pages: 0, processingMs: 0 };
