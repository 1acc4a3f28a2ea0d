import { type SQL, sql } from "drizzle-orm";
import { type Group, MAX_PARALLEL_JOBS } from "../../domain/group.ts";
import { type Job, JOB_ID_SUFFIX_LENGTH } from "../../domain/job.ts";
import type { Receipt, ReceiptKey } from "../../domain/receipt.ts";
import { groupRows, jobRows, toJob } from "../columns.ts";
import { type Db, runBatch } from "../db.ts";
import { receiptRows, receiptsUnder } from "../read/receipts.ts";

/** The rows a batch of commands needs before it can be decided. */
export interface ReadPlan {
  readonly groupId: string;
  /** The group and its leased jobs, unless they are in memory. */
  readonly group: boolean;
  readonly jobIds: readonly string[];
  readonly jobNumbers: readonly string[];
  /** Ends of the ids of jobs that an add may have stored already. */
  readonly idSuffixes: readonly string[];
  /** Jobs waiting for a further attempt, those that may be leased now with their rows. */
  readonly waiting: boolean;
  /** The first jobs never claimed. */
  readonly unclaimed: boolean;
  readonly receipts: readonly ReceiptKey[];
}

export interface Loaded {
  readonly group: Group | null;
  readonly jobs: readonly Job[];
  /** Of the jobs waiting for a further attempt, the soonest. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly readWaiting: boolean;
  /** Whether `waiting` is all of them. */
  readonly allWaiting: boolean;
  readonly receipts: readonly Receipt[];
}

/** Jobs never claimed that are read ahead of the claims to come. */
export const READ_AHEAD = 50;
/** More than a batch can lease, so that what is left still tells when the next job is due. */
const WAITING_HEADS = 100;

/** Reads what the plan names in one round trip, from one point in time. */
export async function load(db: Db, plan: ReadPlan, now: number): Promise<Loaded> {
  const { groupId } = plan;
  const jobsWhere = (condition: SQL, limit = 1000) =>
    sql`SELECT ${jobRows.sql} FROM job WHERE group_id = ${groupId} AND ${condition}
      ORDER BY id LIMIT ${limit}`;
  const ofGroup = (column: string) =>
    sql`(SELECT ${sql.raw(column)} FROM job_group WHERE id = ${groupId})`;
  const waiting = (condition: SQL) =>
    sql`SELECT id, available_at FROM job WHERE group_id = ${groupId} AND ${condition}
      ORDER BY available_at, id LIMIT ${WAITING_HEADS}`;
  const oldestDue = sql`(SELECT id FROM (${waiting(sql`available_at <= ${now}`)})
    ORDER BY id LIMIT ${MAX_PARALLEL_JOBS})`;

  const groupReads = plan.group
    ? [sql`SELECT ${groupRows.sql} FROM job_group WHERE id = ${groupId}`]
    : [];
  const headReads = plan.waiting ? [waiting(sql`available_at IS NOT NULL`)] : [];
  const jobReads = [
    ...(plan.group
      ? [jobsWhere(sql`id IN (SELECT value FROM json_each(${ofGroup("leased_jobs")}))`)]
      : []),
    ...(plan.jobIds.length > 0 ? [jobsWhere(sql`id IN ${fromJson(plan.jobIds)}`)] : []),
    ...(plan.jobNumbers.length > 0
      ? [jobsWhere(sql`job_number IN ${fromJson(plan.jobNumbers)}`)]
      : []),
    ...(plan.idSuffixes.length > 0
      ? [jobsWhere(sql`substr(id, ${-JOB_ID_SUFFIX_LENGTH}) IN ${fromJson(plan.idSuffixes)}`)]
      : []),
    ...(plan.unclaimed
      ? [jobsWhere(sql`id >= ${ofGroup("printf('%05x', fresh_from)")}`, READ_AHEAD)]
      : []),
    ...(plan.waiting ? [jobsWhere(sql`id IN ${oldestDue}`)] : []),
  ];
  const reads = [...groupReads, ...headReads, ...jobReads, ...plan.receipts.map(receiptsUnder)];
  const answers = reads.length === 0 ? [] : await runBatch<Row>(db, reads);
  const take = (count: number): Row[] => answers.splice(0, count).flatMap(({ results }) => results);
  const [group] = take(groupReads.length).map((row) => groupRows.read(row));
  const heads = take(headReads.length);
  return {
    group: group ?? null,
    readWaiting: plan.waiting,
    allWaiting: plan.waiting && heads.length < WAITING_HEADS,
    waiting: new Map(heads.map(({ id, available_at }) => [String(id), Number(available_at)])),
    jobs: take(jobReads.length).map((row) => toJob(jobRows.read(row))),
    receipts: take(plan.receipts.length).map((row) => receiptRows.read(row)),
  };
}

/** Whether the group as it is known is the group as it is stored. */
export async function isCurrent(db: Db, groupId: string, group: Group | null): Promise<boolean> {
  const revision = sql`SELECT revision FROM job_group WHERE id = ${groupId}`;
  const [found] = await runBatch<Row>(db, [revision]);
  return found?.results[0]?.["revision"] === group?.revision;
}

type Row = Record<string, unknown>;

/** Many values travel as one JSON parameter: D1 binds at most 100. */
const fromJson = (values: readonly string[]): SQL =>
  sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
