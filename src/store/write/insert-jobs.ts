import { getTableColumns, type Query } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { type Job, sequenceOf } from "../../domain/job.ts";
import { keyText, type Owner, rowQuery } from "../job-keys.ts";
import { job } from "../schema.ts";

/** Far below D1's 2 MB a parameter, also when every character takes three bytes. */
const CHUNK_CHARACTERS = 400_000;

const columns = getTableColumns(job);
/**
 * A column that is written as it is in the domain. `extractedData` has a stored form of its own, and `ended` is appended
 * to the history.
 */
export type Key = Exclude<keyof Job, "extractedData" | "ended">;
const APART = new Set(["key", "keyed", "groupId", "workspace", "extractedData", "history"]);
export const INSERTED = Object.keys(columns).filter((key) => !APART.has(key)) as Key[];

export const nameOf = (key: Key): string => columns[key].name;
const NAMES = INSERTED.map(nameOf).join(", ");
const FIELDS = INSERTED.map((_, index) => `json_extract(value, '$[${index + 1}]')`).join(", ");
const SEQUENCE = "json_extract(value, '$[0]')";
/** NULL aborts the batch: the group is not there. */
const GROUP_ID = "(SELECT id FROM job_group WHERE id = ?)";

/** Inserts jobs, many rows as one JSON parameter. A new job has no `extractedData` and no history. */
export function insertJobs(owner: Owner & GroupKey, jobs: readonly Job[]): Query[] {
  const row = rowQuery(owner);
  const rowOf = (job: Job) => [sequenceOf(job.id), ...INSERTED.map((key) => job[key])];
  return inChunks(jobs, rowOf).map(({ json }) => ({
    sql: `INSERT INTO job (key, keyed, group_id, workspace, ${NAMES})
      SELECT ${keyText(row.sql, SEQUENCE)}, 1, ${GROUP_ID}, ?, ${FIELDS} FROM json_each(?)`,
    params: [...row.params, owner.groupId, owner.workspace, json],
  }));
}

interface Chunk {
  readonly jobs: readonly Job[];
  /** One array of values a job. */
  readonly json: string;
}

/** Divides jobs among statements, each with at most so many results. */
export function inChunks(
  jobs: readonly Job[],
  valuesOf: (job: Job) => unknown[],
  mostResults = Infinity,
): Chunk[] {
  const done: Chunk[] = [];
  let [rows, chunk, size, results]: [string[], Job[], number, number] = [[], [], 0, 0];
  const finish = () => {
    if (rows.length > 0) done.push({ jobs: chunk, json: `[${rows.join()}]` });
    [rows, chunk, size, results] = [[], [], 0, 0];
  };
  for (const job of jobs) {
    const row = JSON.stringify(valuesOf(job));
    if (size + row.length > CHUNK_CHARACTERS || results === mostResults) finish();
    rows.push(row);
    chunk.push(job);
    size += row.length;
    if (job.extractedData !== null) results++;
  }
  finish();
  return done;
}
