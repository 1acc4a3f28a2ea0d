/**
 * Stored jobs that a sweep means, up to the bounds of one commit: their numbers by status, and what completed ones add to
 * the statistics. Loaded jobs are left out.
 */
export interface Matched {
  readonly failed: number;
  readonly completed: number;
  readonly queued: number;
  /** The queued ones that were never claimed. */
  readonly unclaimed: number;
  readonly pages: number;
  readonly processingMs: number;
  /** The id up to which the jobs were looked at. `null`: none is left after these. */
  readonly to: string | null;
}

export const NONE_MATCHED: Matched = {
  failed: 0,
  completed: 0,
  queued: 0,
  unclaimed: 0,
  pages: 0,
  processingMs: 0,
  to: null,
};
