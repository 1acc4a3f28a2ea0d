import type { Group } from "../../domain/group.ts";
import { firstIdAt, type JobStatus } from "../../domain/job.ts";
import type { Db } from "../../store/db.ts";
import { readJobs } from "../../store/read/reads.ts";
import { presentJob } from "./present.ts";

const PAGE = 250;

/** The list's JSON, read page by page as the client takes it. */
export function streamJobs(
  db: Db,
  { workspace, id: groupId, totalJobs }: Group,
  query: { limit: number; offset: number; status: JobStatus | undefined; total: number },
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const { status } = query;
  // Ids begin with the job's sequence number: without a status an offset is a place, not a scan.
  let fromId = firstIdAt(status === undefined ? query.offset : 0);
  let offset = status === undefined ? 0 : query.offset;
  let left = query.limit;
  let separator = "";
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode('{"success":true,"data":[')),
    async pull(controller) {
      // A store in the same process answers without a pause: others have to be let in.
      await scheduler.wait(0);
      const limit = Math.min(PAGE, left);
      const where = { workspace, groupId, totalJobs, status, fromId, limit, offset };
      const jobs = limit > 0 ? await readJobs(db, where) : [];
      const json = jobs.map((job) => JSON.stringify(presentJob(job))).join(",");
      if (json !== "") controller.enqueue(encoder.encode(separator + json));
      separator = ",";
      left -= jobs.length;
      offset = 0;
      fromId = `${jobs.at(-1)?.id ?? ""}\u0001`;
      if (jobs.length < PAGE) {
        controller.enqueue(encoder.encode(`],"total":${query.total}}`));
        controller.close();
      }
    },
  });
}
