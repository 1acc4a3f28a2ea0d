import { ask, groups } from "../data/client.ts";
import type { JobStatus, JobSummary } from "../data/types.ts";

export interface JobRange {
  readonly offset: number;
  readonly limit: number;
  readonly status?: JobStatus | undefined;
}

export async function readJobs(
  id: string,
  { offset, limit, status }: JobRange,
  signal: AbortSignal,
): Promise<JobSummary[]> {
  const query = { offset: String(offset), limit: String(limit), ...(status && { status }) };
  const request = groups.value[":id"].jobs.$get({ param: { id }, query }, { init: { signal } });
  return (await ask(request)).data;
}
