import { and, asc, eq, gte, inArray, isNotNull, lte, type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { AnySQLiteColumn } from "drizzle-orm/sqlite-core";
import { type Group, MAX_PARALLEL_JOBS } from "../domain/group.ts";
import type { Job } from "../domain/job.ts";
import { groupColumns, jobColumns, toJob } from "./columns.ts";
import type { Db } from "./db.ts";
import { type Receipt, type ReceiptKey, underKey } from "./receipts.ts";
import { job, jobGroup, receipt } from "./schema.ts";

/** What a batch of commands has to know before it can be decided. */
export interface Wanted {
  readonly groupId: string;
  /** The group and its leased jobs, unless they are in memory. */
  readonly group: boolean;
  readonly jobIds: readonly string[];
  readonly jobNumbers: readonly string[];
  /** Jobs that may be leased now. */
  readonly candidates: boolean;
  readonly receipts: readonly ReceiptKey[];
}

export interface Loaded {
  readonly group: Group | null;
  readonly jobs: readonly Job[];
  /** Of the jobs waiting for a further attempt, the soonest. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly receipts: readonly Receipt[];
}

/** More than a batch can lease, so that what is left still tells when the next job is due. */
const WAITING_HEADS = 100;

/** Reads all that is wanted in one round trip, from one point in time. */
export async function load(db: Db, wanted: Wanted, now: number): Promise<Loaded> {
  const { groupId } = wanted;
  const jobsWhere = (condition: SQL, most = 1000) =>
    db
      .select(jobColumns)
      .from(job)
      .where(and(eq(job.groupId, groupId), condition))
      .orderBy(asc(job.id))
      .limit(most);
  const groups = db.select(groupColumns).from(jobGroup).where(eq(jobGroup.id, groupId));
  const leased = sql`(SELECT value FROM json_each((SELECT leased_jobs FROM job_group WHERE id = ${groupId})))`;
  const firstFresh = sql`(SELECT printf('%05x', fresh_from) FROM job_group WHERE id = ${groupId})`;
  const soonest = db
    .select({ id: job.id, availableAt: job.availableAt })
    .from(job)
    .where(and(eq(job.groupId, groupId), isNotNull(job.availableAt)))
    .orderBy(asc(job.availableAt), asc(job.id))
    .limit(WAITING_HEADS);
  const due = db
    .select({ id: job.id })
    .from(job)
    .where(and(eq(job.groupId, groupId), lte(job.availableAt, now)))
    .orderBy(asc(job.availableAt), asc(job.id))
    .limit(WAITING_HEADS)
    .as("due");
  const oldestDue = db
    .select({ id: due.id })
    .from(due)
    .orderBy(asc(due.id))
    .limit(MAX_PARALLEL_JOBS);

  const jobReads = [
    ...(wanted.group ? [jobsWhere(inSet(job.id, leased))] : []),
    ...(wanted.jobIds.length > 0 ? [jobsWhere(inJson(job.id, wanted.jobIds))] : []),
    ...(wanted.jobNumbers.length > 0 ? [jobsWhere(inJson(job.jobNumber, wanted.jobNumbers))] : []),
    ...(wanted.candidates
      ? [
          jobsWhere(gte(job.id, firstFresh), MAX_PARALLEL_JOBS),
          jobsWhere(inArray(job.id, oldestDue)),
        ]
      : []),
  ];
  const receiptReads = wanted.receipts.map((key) => db.select().from(receipt).where(underKey(key)));
  const reads: BatchItem<"sqlite">[] = [
    ...(wanted.group ? [groups] : []),
    ...(wanted.candidates ? [soonest] : []),
    ...jobReads,
    ...receiptReads,
  ];
  const [first, ...others] = reads;
  if (first === undefined) return { group: null, jobs: [], waiting: new Map(), receipts: [] };
  const results = (await db.batch([first, ...others])) as unknown[][];
  const take = <Row>(count: number): Row[] => results.splice(0, count).flat() as Row[];
  const [group] = take<Group>(wanted.group ? 1 : 0);
  const heads = take<{ id: string; availableAt: number }>(wanted.candidates ? 1 : 0);
  return {
    group: group ?? null,
    waiting: new Map(heads.map(({ id, availableAt }) => [id, availableAt])),
    jobs: take<Omit<Job, "extractedData">>(jobReads.length).map(toJob),
    receipts: take<Receipt>(receiptReads.length),
  };
}

const inSet = (column: AnySQLiteColumn, set: SQL) => sql`${column} IN ${set}`;

/** Many values travel as one JSON parameter: D1 binds at most 100. */
const inJson = (column: AnySQLiteColumn, values: readonly string[]) =>
  inSet(column, sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`);
