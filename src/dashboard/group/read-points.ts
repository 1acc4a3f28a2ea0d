import type { Group, JobSummary } from "../data/types.ts";
import { type Point, pointsOf } from "./curve.ts";
import { readJobs } from "./read-jobs.ts";

const MOST_WHOLE = 2_000;
const SAMPLE = 60;
/** A browser has six connections to a server, and the page needs some. */
const AT_ONCE = 2;

/** The times at which the group's jobs finished: of up to 2,000 jobs all, of more sixty that are spread evenly. */
export async function readPoints(group: Group, signal: AbortSignal): Promise<Point[]> {
  if (group.totalJobs <= MOST_WHOLE) {
    const { jobs } = await readJobs(group._id, { offset: 0, limit: MOST_WHOLE }, signal);
    return pointsOf(jobs, group);
  }
  const places = Array.from({ length: SAMPLE }, (_, index) =>
    Math.floor(((index + 0.5) / SAMPLE) * group.totalJobs),
  );
  const jobs: JobSummary[] = [];
  for (let first = 0; first < SAMPLE; first += AT_ONCE) {
    const few = places.slice(first, first + AT_ONCE);
    const read = few.map((offset) => readJobs(group._id, { offset, limit: 1 }, signal));
    jobs.push(...(await Promise.all(read)).flatMap((page) => page.jobs));
  }
  return pointsOf(jobs, group);
}
