import { LIMITS } from "../../domain/limits.ts";
import { type SQL, sql } from "drizzle-orm";
import { type CommittedGroup } from "../../domain/group.ts";
import { type Job, JOB_ID_SUFFIX_LENGTH, sequenceOf } from "../../domain/job.ts";
import type { Beats } from "../../domain/lease.ts";
import type { Receipt, ReceiptKey } from "../../domain/receipt.ts";
import { beatsIn, groupRows, jobRows, toJob } from "../columns.ts";
import { among, type Db, runBatch } from "../db.ts";
import { type Matched, NONE_MATCHED } from "../../domain/matched.ts";
import { countJobs, type Sought } from "./count-jobs.ts";
import { isUnmoved } from "./fence.ts";
import { HEARS_COMPLETIONS } from "./listeners.ts";
import { IS_SMALL } from "./remove-group.ts";
import { receiptRows, receiptsUnder } from "../read/receipts.ts";

/** The rows a batch of commands needs before it can be decided. */
export interface ReadPlan {
  readonly groupId: string;
  /** The callers' workspace. `null` for the group's alarm, which no caller starts. */
  readonly workspace: string | null;
  /** The group and its leased jobs, unless they are in memory. */
  readonly group: boolean;
  readonly jobIds: readonly string[];
  readonly jobNumbers: readonly string[];
  /** The ends of the ids of jobs that an unanswered add may have stored. */
  readonly idSuffixes: readonly string[];
  /** The jobs waiting for a further attempt, with the rows of those that may be leased now. */
  readonly waiting: boolean;
  /** The first jobs never claimed. */
  readonly unclaimed: boolean;
  /** Waiting jobs that the batch may cancel. */
  readonly cancels: number;
  /** Count these jobs. */
  readonly sought?: Sought | undefined;
  /** The ids of the jobs in memory. */
  readonly loaded: readonly string[];
  readonly receipts: readonly ReceiptKey[];
  /** Find out whether the group may be deleted in one commit. */
  readonly removes: boolean;
}

export interface Loaded {
  readonly group: CommittedGroup | null;
  /** The group's revisions before its present one, newest first. Empty unless the group was read. */
  readonly recentRevisions: readonly string[];
  readonly beats: Beats;
  /** All of the group may be deleted in one commit. Taken for true until it is asked for; the fence finds out. */
  readonly isSmall: boolean;
  /** A webhook asks for each completed job. */
  readonly hearsCompletions: boolean;
  readonly jobs: readonly Job[];
  /** `availableAt` by job id of the jobs waiting for a further attempt, soonest first. */
  readonly waiting: ReadonlyMap<string, number>;
  readonly readWaiting: boolean;
  /** See `State`. `null` when the first jobs never claimed were not read. */
  readonly unclaimedTo: number | null;
  /** `waiting` holds all of them, not only the first. */
  readonly allWaiting: boolean;
  readonly matched: Matched;
  readonly receipts: readonly Receipt[];
}

/** The number of unclaimed jobs that are read ahead for later claims. */
export const READ_AHEAD = 50;
/** More than a batch can lease, so that the rest still tells when the next job may be leased. Cancels add theirs. */
const WAITING_HEADS = 100;

/** Reads what the plan names in one round trip, from one point in time. */
export async function load(db: Db, plan: ReadPlan, now: number): Promise<Loaded> {
  const groupReads = plan.group
    ? [
        sql`SELECT ${groupRows.sql}, recent_revisions, beats,
          ${sql.raw(HEARS_COMPLETIONS)} AS hears_completions,
          ${sql.raw(plan.removes ? IS_SMALL : "1")} AS is_small FROM job_group WHERE ${keyed("id", plan)}`,
      ]
    : [];
  const headReads = plan.waiting ? [waitingHeads(plan, sql`available_at IS NOT NULL`)] : [];
  const chosenReads = plan.sought
    ? [countJobs({ ...plan, workspace: plan.workspace ?? "" }, plan.sought, plan.loaded)]
    : [];
  const unclaimedReads = plan.unclaimed ? [firstUnclaimed(plan)] : [];
  const jobReads = [...namedJobs(plan), ...(plan.waiting ? [oldestDue(plan, now)] : [])];
  const reads = [
    ...groupReads,
    ...headReads,
    ...chosenReads,
    ...unclaimedReads,
    ...jobReads,
    ...plan.receipts.map((key) => receiptsUnder(key, now)),
  ];
  const answers = reads.length === 0 ? [] : await runBatch<Row>(db, reads);
  const take = (count: number): Row[] => answers.splice(0, count).flatMap(({ results }) => results);
  const [found] = take(groupReads.length);
  const {
    recent_revisions: recent = "",
    beats,
    hears_completions: hears,
    is_small,
    ...group
  } = found ?? {};
  const heads = take(headReads.length);
  const [matched] = take(chosenReads.length);
  const unclaimed = take(unclaimedReads.length);
  return {
    group: found === undefined ? null : groupRows.read(group),
    recentRevisions: String(recent).split(" "),
    beats: beatsIn({ beats }),
    isSmall: is_small !== 0,
    hearsCompletions: hears === 1,
    readWaiting: plan.waiting,
    allWaiting: plan.waiting && heads.length < headsOf(plan),
    unclaimedTo: plan.unclaimed ? endOf(unclaimed) : null,
    matched: (matched as Matched | undefined) ?? NONE_MATCHED,
    waiting: new Map(heads.map(({ id, available_at }) => [String(id), Number(available_at)])),
    jobs: [...unclaimed, ...take(jobReads.length)].map((row) => toJob(jobRows.read(row))),
    receipts: take(plan.receipts.length).map((row) => receiptRows.read(row)),
  };
}

/** The leased jobs, and those that the commands name. */
function namedJobs(plan: ReadPlan): SQL[] {
  const { jobIds, jobNumbers, idSuffixes } = plan;
  const leased = sql`(SELECT value FROM json_each(${ofGroup(plan, "leased_jobs")}))`;
  const suffix = sql`substr(id, ${-JOB_ID_SUFFIX_LENGTH})`;
  return [
    ...(plan.group ? [jobsWhere(plan, sql`id IN ${leased}`)] : []),
    ...(jobIds.length > 0 ? [jobsWhere(plan, sql`id IN ${among(jobIds)}`, jobIds.length)] : []),
    ...(jobNumbers.length > 0 ? [jobsWhere(plan, sql`job_number IN ${among(jobNumbers)}`)] : []),
    ...(idSuffixes.length > 0 ? [jobsWhere(plan, sql`${suffix} IN ${among(idSuffixes)}`)] : []),
  ];
}

/** Jobs cancelled one by one may lie among them. The claims that follow leave those behind. */
const firstUnclaimed = (plan: ReadPlan): SQL =>
  jobsWhere(
    plan,
    sql`id >= ${ofGroup(plan, "printf('%05x', fresh_from)")} AND status = 'queued' AND available_at IS NULL`,
    READ_AHEAD,
  );

/** The sequence number after the last of these jobs; `Infinity` when there are no more. */
function endOf(unclaimed: readonly Row[]): number {
  const last = unclaimed[READ_AHEAD - 1];
  return last === undefined ? Infinity : sequenceOf(String(last["id"])) + 1;
}

function oldestDue(plan: ReadPlan, now: number): SQL {
  const ids = sql`(SELECT id FROM (${waitingHeads(plan, sql`available_at <= ${now}`)})
    ORDER BY id LIMIT ${LIMITS.parallelJobs.max})`;
  return jobsWhere(plan, sql`id IN ${ids}`);
}

type Key = Pick<ReadPlan, "groupId" | "workspace">;

const keyed = (column: "id" | "group_id", { groupId, workspace }: Key): SQL => {
  const inWorkspace = workspace === null ? undefined : sql`AND workspace = ${workspace}`;
  return sql`${sql.raw(column)} = ${groupId} ${inWorkspace}`;
};

const jobsWhere = (key: Key, condition: SQL, limit = 1000): SQL =>
  sql`SELECT ${jobRows.sql} FROM job WHERE ${keyed("group_id", key)} AND ${condition}
    ORDER BY id LIMIT ${limit}`;

const ofGroup = (key: Key, column: string): SQL =>
  sql`(SELECT ${sql.raw(column)} FROM job_group WHERE ${keyed("id", key)})`;

const headsOf = ({ cancels }: ReadPlan): number => WAITING_HEADS + cancels;

const waitingHeads = (plan: ReadPlan, condition: SQL): SQL =>
  sql`SELECT id, available_at FROM job WHERE ${keyed("group_id", plan)} AND ${condition}
    ORDER BY available_at, id LIMIT ${headsOf(plan)}`;

/** Compares revision and beats in memory with the stored ones. Nothing in memory is never current. */
export async function isCurrent(
  db: Db,
  group: CommittedGroup | null,
  beats: Beats,
): Promise<boolean> {
  if (group === null) return false;
  const unmoved = isUnmoved(group, beats);
  const sql = `SELECT 1 FROM job_group WHERE "id" = ? AND "workspace" = ? AND ${unmoved.sql}`;
  const params = [group.id, group.workspace, ...unmoved.params];
  const [found] = await runBatch<Row>(db, [{ sql, params }]);
  return found?.results.length === 1;
}

type Row = Record<string, unknown>;
