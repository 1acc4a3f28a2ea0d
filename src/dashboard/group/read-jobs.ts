import { ask, groups } from "../data/client.ts";
import type { JobStatus, JobSummary } from "../data/types.ts";

export interface JobRange {
  readonly offset: number;
  readonly limit: number;
  readonly status?: JobStatus | undefined;
  readonly errorCode?: string | undefined;
}

export interface JobPage {
  readonly jobs: readonly JobSummary[];
  /** The number of jobs that the range was taken from. */
  readonly total: number;
}

export async function readJobs(
  id: string,
  { offset, limit, status, errorCode }: JobRange,
  signal: AbortSignal,
): Promise<JobPage> {
  const range = { offset: String(offset), limit: String(limit) };
  const query = { ...range, ...(status && { status }), ...(errorCode && { errorCode }) };
  const request = groups.value[":id"].jobs.$get({ param: { id }, query }, { init: { signal } });
  const { data, total } = await ask(request);
  return { jobs: data, total };
}
