import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { Job } from "../../domain/job.ts";
import { appendHistory } from "./append-history.ts";
import { job } from "../schema.ts";
import { storedForm } from "../stored-result.ts";

/** Far below D1's 2 MB a parameter, also when every character takes three bytes. */
const CHUNK_CHARACTERS = 400_000;
/** D1 binds at most 100 values; a result takes two. */
const CHUNK_RESULTS = 40;

const columns = getTableColumns(job);
/**
 * A column that is written from the JSON. `extractedData` is a parameter of its own: inside the JSON it would be
 * escaped here and parsed by SQLite. `ended` is appended to the history.
 */
type Key = Exclude<keyof Job, "extractedData" | "ended">;
const APART = new Set(["groupId", "workspace", "extractedData", "history"]);
const INSERTED = Object.keys(columns).filter((key) => !APART.has(key)) as Key[];
const NEVER_CHANGED: ReadonlySet<Key> = new Set([
  "id",
  "jobNumber",
  "documentName",
  "documentUrl",
  "metadata",
  "createdAt",
]);
const CHANGED = INSERTED.filter((key) => !NEVER_CHANGED.has(key));

const name = (key: Key) => columns[key].name;
const field = (index: number) => `json_extract(value, '$[${index}]')`;
const list = (parts: string[]) => sql.raw(parts.join(", "));
const NAMES = list(INSERTED.map(name));
const FIELDS = list(INSERTED.map((_, index) => field(index)));
const FIRST = list([field(0)]);
const ASSIGNMENTS = list([
  ...CHANGED.map((key, index) => `${name(key)} = ${field(index + 1)}`),
  appendHistory(`json_extract(changed.value, '$[${CHANGED.length + 1}]')`),
]);

/** Inserts jobs, many rows as one JSON parameter. A new job has no `extractedData` and no history. */
export const insertJobs = (groupId: string, workspace: string, jobs: readonly Job[]): SQL[] =>
  chunks(jobs, (job) => INSERTED.map((key) => job[key])).map(
    ({ json }) =>
      sql`INSERT INTO job (group_id, workspace, ${NAMES})
      SELECT ${groupId}, ${workspace}, ${FIELDS} FROM json_each(${json})`,
  );

/**
 * Rewrites the fields of each job that can change. The changes are materialized with the group's id, because
 * without it SQLite would go through all jobs of the group for them.
 */
export const updateJobs = (groupId: string, workspace: string, jobs: readonly Job[]): SQL[] =>
  chunks(jobs, changesOf).map(
    ({ json, results }) =>
      sql`WITH changed AS MATERIALIZED
        (SELECT ${groupId} AS group0, ${FIRST} AS id0, value FROM json_each(${json}))
      UPDATE job SET ${ASSIGNMENTS} ${assignResults(results)} FROM changed
      WHERE job.group_id = changed.group0 AND job.id = changed.id0 AND job.workspace = ${workspace}`,
  );

const changesOf = (job: Job): unknown[] => [
  job.id,
  ...CHANGED.map((key) => job[key]),
  job.ended.length === 0 ? null : job.ended,
];

const STATUS = field(CHANGED.indexOf("status") + 1);

/**
 * A stored result is never loaded, so an unfinished job keeps the one it has. A job that has been completed without
 * a result has none any more.
 */
function assignResults(results: Chunk["results"]): SQL {
  const cases = results.map(
    ({ id, extractedData }) => sql`WHEN job.id = ${id} THEN ${storedForm(extractedData)}`,
  );
  return sql`, extracted_data = CASE ${sql.join(cases, sql.raw(" "))}
    WHEN ${sql.raw(STATUS)} = 'completed' THEN NULL ELSE extracted_data END`;
}

interface Chunk {
  /** One array of values a job. */
  readonly json: string;
  readonly results: readonly Pick<Job, "id" | "extractedData">[];
}

function chunks(jobs: readonly Job[], valuesOf: (job: Job) => unknown[]): Chunk[] {
  const done: Chunk[] = [];
  let [rows, results, size]: [string[], Job[], number] = [[], [], 0];
  const finish = () => {
    if (rows.length > 0) done.push({ json: `[${rows.join()}]`, results });
    [rows, results, size] = [[], [], 0];
  };
  for (const job of jobs) {
    const row = JSON.stringify(valuesOf(job));
    if (size + row.length > CHUNK_CHARACTERS || results.length === CHUNK_RESULTS) finish();
    rows.push(row);
    size += row.length;
    if (job.extractedData !== null) results.push(job);
  }
  finish();
  return done;
}
