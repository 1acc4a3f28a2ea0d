import type { Job } from "./job.ts";

/**
 * The bounds of one commit of a sweep, which keep each statement short. A sweep of more jobs goes in steps, and each step
 * is a commit that moves as many jobs in the counters as in the rows. The steps go through the jobs by their ids, so no
 * step meets a job that an earlier one has changed.
 */
export const SWEPT_AT_ONCE = {
  jobs: 1_000,
  /** Bytes of results, metadata and histories, because a changed row is written whole. */
  bytes: 4_000_000,
  /** Jobs looked at for those that the sweep means. */
  scanned: 20_000,
  /** So few are changed without a look at the bounds. */
  uncounted: 100,
} as const;

/** The jobs with an id above `after`, up to `to`; `null`: all from there on. */
export interface JobRange {
  readonly after: string;
  readonly to: string | null;
}

export const ALL_JOBS: JobRange = { after: "", to: null };

export const isIn = ({ after, to }: JobRange, { id }: Job): boolean =>
  id > after && (to === null || id <= to);

/** The place that a command carried out in steps has come to. */
export interface SweepStep {
  readonly after: string;
  /** The jobs that the steps before have counted. */
  readonly done: number;
}

export const FIRST_STEP: SweepStep = { after: "", done: 0 };
