import { ask, groups } from "../data/client.ts";
import { readJobs } from "./read-jobs.ts";

const MOST = 12;

/** JSON pointers to the values that the first completed job's data has at its top. */
export async function readFields(id: string, signal: AbortSignal): Promise<string[]> {
  const { jobs } = await readJobs(id, { offset: 0, limit: 1, status: "completed" }, signal);
  const [first] = jobs;
  if (first === undefined) return [];
  const param = { id, jobId: first.jobId };
  const request = groups.value[":id"].jobs[":jobId"].$get({ param }, { init: { signal } });
  const { extractedData = {} } = (await ask(request)).data;
  return Object.entries(extractedData)
    .filter(([name, value]) => typeof value !== "object" && !/[,~/]/.test(name))
    .slice(0, MOST)
    .map(([name]) => `/${name}`);
}
