import { LIMITS } from "../../domain/limits.ts";
import { type SQL, sql } from "drizzle-orm";
import type { CommittedGroup } from "../../domain/group.ts";
import { type Job, JOB_ID_SUFFIX_LENGTH, sequenceOf } from "../../domain/job.ts";
import type { Beats } from "../../domain/lease.ts";
import type { Receipt, ReceiptKey } from "../../domain/receipt.ts";
import { beatsIn, groupRows, jobRows, toJob } from "../columns.ts";
import { among, type Db, runBatch } from "../db.ts";
import { type Matched, NONE_MATCHED } from "../../domain/matched.ts";
import { countJobs, type Sought } from "./count-jobs.ts";
import { fromJobs, inOwner, joined, keysOfJobs, keyText, sequenceText } from "../job-keys.ts";
import { HEARS_COMPLETIONS } from "./listeners.ts";
import { IS_SMALL } from "./remove-group.ts";
import { receiptRows, receiptsUnder } from "../read/receipts.ts";

/** The rows a batch of commands needs before it can be decided. */
export interface ReadPlan {
  readonly groupId: string;
  /** The number of the group's row. `null` unless the group is in memory. */
  readonly rowid: number | null;
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
  /** The number of the group's row. */
  readonly rowid: number | null;
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
        sql`SELECT ${groupRows.sql}, rowid, recent_revisions, beats,
          ${sql.raw(HEARS_COMPLETIONS)} AS hears_completions,
          ${sql.raw(plan.removes ? IS_SMALL : "1")} AS is_small FROM job_group WHERE id = ${plan.groupId} AND ${inWorkspace(plan)}`,
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
  const { rowid, recent_revisions: recent = "", beats, is_small } = found ?? {};
  const heads = take(headReads.length);
  const [matched] = take(chosenReads.length);
  const takeJobs = (count: number): Job[] => take(count).map((row) => toJob(jobRows.read(row)));
  const unclaimed = takeJobs(unclaimedReads.length);
  return {
    group: found === undefined ? null : groupRows.read(found),
    rowid: found === undefined ? null : Number(rowid),
    recentRevisions: String(recent).split(" "),
    beats: beatsIn({ beats }),
    isSmall: is_small !== 0,
    hearsCompletions: found?.["hears_completions"] === 1,
    readWaiting: plan.waiting,
    allWaiting: plan.waiting && heads.length < headsOf(plan),
    unclaimedTo: plan.unclaimed ? endOf(unclaimed) : null,
    matched: (matched as Matched | undefined) ?? NONE_MATCHED,
    waiting: new Map(heads.map(({ id, available_at }) => [String(id), Number(available_at)])),
    jobs: [...unclaimed, ...takeJobs(jobReads.length)],
    receipts: take(plan.receipts.length).map((row) => receiptRows.read(row)),
  };
}

/** The leased jobs, and those that the commands name. */
function namedJobs(plan: ReadPlan): SQL[] {
  const { jobIds, jobNumbers, idSuffixes } = plan;
  const reads: SQL[] = [];
  if (plan.group) {
    const leased = sql`(SELECT ${sql.raw(keyText("job_group.rowid", sequenceText("leased.value")))}
      FROM job_group, json_each(leased_jobs) AS leased
      WHERE job_group.id = ${plan.groupId} AND ${inWorkspace(plan)})`;
    reads.push(jobsFrom(withKeyIn(plan, leased)));
  }
  if (jobIds.length > 0) {
    const named = sql`${keysOfJobs(plan, jobIds)} AND job.id IN ${among(jobIds)}`;
    reads.push(jobsFrom(withKeyIn(plan, named), jobIds.length));
  }
  if (jobNumbers.length > 0) {
    const numbered = sql`FROM job INDEXED BY job_by_number WHERE ${ofGroup(plan)} AND job_number IN ${among(jobNumbers)}`;
    reads.push(jobsFrom(numbered));
  }
  if (idSuffixes.length > 0) {
    const suffix = sql`substr(job.id, ${-JOB_ID_SUFFIX_LENGTH})`;
    const ending = sql`${fromJobs(plan)} AND ${inWorkspace(plan)} AND ${suffix} IN ${among(idSuffixes)}`;
    reads.push(jobsFrom(ending));
  }
  return reads;
}

/** Jobs cancelled one by one may lie among them. The claims that follow leave those behind. */
const firstUnclaimed = (plan: ReadPlan): SQL =>
  jobsFrom(
    sql`FROM ${joined(plan.groupId)} WHERE ${inOwner({ from: sql`owner.fresh_from` })} AND ${inWorkspace(plan)}
      AND status = 'queued' AND available_at IS NULL`,
    READ_AHEAD,
  );

/** The sequence number after the last of these jobs; `Infinity` when there are no more. */
function endOf(unclaimed: readonly Job[]): number {
  const last = unclaimed[READ_AHEAD - 1];
  return last === undefined ? Infinity : sequenceOf(last.id) + 1;
}

function oldestDue(plan: ReadPlan, now: number): SQL {
  const keys = sql`(SELECT key FROM (${waitingHeads(plan, sql`available_at <= ${now}`)})
    ORDER BY key LIMIT ${LIMITS.parallelJobs.max})`;
  return jobsFrom(withKeyIn(plan, keys));
}

type Key = Pick<ReadPlan, "groupId" | "workspace">;

const inWorkspace = ({ workspace }: Key): SQL =>
  workspace === null ? sql`true` : sql`workspace = ${workspace}`;

const ofGroup = (key: Key): SQL => sql`group_id = ${key.groupId} AND ${inWorkspace(key)}`;

const withKeyIn = (key: Key, keys: SQL): SQL =>
  sql`FROM job WHERE ${ofGroup(key)} AND key IN ${keys}`;

const jobsFrom = (source: SQL, limit = 1000): SQL =>
  sql`SELECT ${jobRows.sql} ${source} ORDER BY job.key LIMIT ${limit}`;

const headsOf = ({ cancels }: ReadPlan): number => WAITING_HEADS + cancels;

const waitingHeads = (plan: ReadPlan, condition: SQL): SQL =>
  sql`SELECT key, id, available_at FROM job WHERE ${ofGroup(plan)} AND ${condition}
    ORDER BY available_at, key LIMIT ${headsOf(plan)}`;

type Row = Record<string, unknown>;
