import { type Group, sequenceEnd } from "../../domain/group.ts";
import { type JobStatus, sequenceAfter } from "../../domain/job.ts";
import type { Db } from "../../store/db.ts";
import { type JobsPage, type JobsQuery, readJobsPage } from "../../store/read/reads.ts";
import { presentJob } from "./present.ts";

/** Jobs that are read at one point in time. */
const PAGE = 1_000;

export interface JobsRequest {
  readonly workspace: string;
  readonly groupId: string;
  readonly limit: number;
  readonly offset: number;
  readonly status: JobStatus | undefined;
  /** Only jobs that failed for good with this code. */
  readonly errorCode: string | undefined;
}

/** Does a piece of the list's work when it is its turn. */
export type Turn = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Answers the list's JSON, read page by page as the client takes it, or `undefined` when there is no such
 * group. A group that is deleted while its list is being read breaks the connection off: a list that ends
 * properly is whole.
 */
export async function streamJobs(
  db: Db,
  request: JobsRequest,
  turn: Turn,
): Promise<ReadableStream<Uint8Array> | undefined> {
  const { status, errorCode } = request;
  let left = request.limit;
  const read = async (position: Pick<JobsQuery, "from" | "before" | "offset">) => {
    const page = await readJobsPage(db, { ...request, ...position, limit: Math.min(PAGE, left) });
    left -= page.jobs.length;
    return page;
  };
  // Without a filter the offset is the sequence number of the first job.
  const start =
    status === undefined && errorCode === undefined
      ? { from: request.offset, offset: 0 }
      : { from: 0, offset: request.offset };
  let page = await read({ ...start, before: undefined });
  const { group } = page;
  if (group === undefined) return undefined;
  if (group.erasedJobs > 0 && start.offset < request.offset) {
    // Deleted jobs leave gaps in the numbers, so the offset is no place.
    left = request.limit;
    page = await read({ from: 0, offset: request.offset, before: undefined });
    assertThere(page);
  }
  // Jobs added after the first page was read are left out, so that `total` stays true.
  const before = sequenceEnd(group);
  const total = page.withCode ?? totalOf(group, status);
  return streamOf(`{"success":true,"data":[`, `],"total":${total}}`, () =>
    turn(async () => {
      const lines = page.jobs.map((job) => JSON.stringify(presentJob(job, page.beats)));
      const isLast = page.jobs.length < PAGE || left <= 0;
      if (!isLast) {
        page = await read({ from: sequenceAfter(page.jobs.at(-1)?.id ?? ""), before, offset: 0 });
        assertThere(page);
      }
      return { lines, isLast };
    }),
  );
}

function assertThere({ group }: JobsPage): void {
  if (group === undefined) throw new Error("the group was deleted while its jobs were being read");
}

interface Chunk {
  readonly lines: readonly string[];
  readonly isLast: boolean;
}

/** Streams comma-separated lines between a head and a tail, asking for more as the reader takes them. */
function streamOf(head: string, tail: string, next: () => Promise<Chunk>) {
  const encoder = new TextEncoder();
  let before = head;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      // Local D1 answers without yielding the thread, so other requests would wait for the whole list.
      await scheduler.wait(0);
      const { lines, isLast } = await next();
      const text = lines.length === 0 ? "" : before + lines.join(",");
      if (lines.length > 0) before = ",";
      const end = isLast ? (before === head ? head : "") + tail : "";
      if (text + end !== "") controller.enqueue(encoder.encode(text + end));
      if (isLast) controller.close();
    },
  });
}

/** The number of jobs in a status, taken from the group's counters, which always equal a count of the rows. */
function totalOf(group: Group, status: JobStatus | undefined): number {
  if (status === undefined) return group.totalJobs;
  if (status === "queued") return group.pendingJobs - group.processingJobs;
  return group[`${status}Jobs`];
}
