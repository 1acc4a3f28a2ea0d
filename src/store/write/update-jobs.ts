import { type Query } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { type Job, sequenceOf } from "../../domain/job.ts";
import { keyText, type Owner, rowQuery } from "../job-keys.ts";
import { storedForm } from "../stored-result.ts";
import { appendHistory } from "./append-history.ts";
import { INSERTED, inChunks, type Key, nameOf } from "./insert-jobs.ts";

/**
 * The most jobs that are each written by a statement of its own. A statement for many reads them from JSON, which takes
 * SQLite as long as six small statements.
 */
const MOST_ALONE = 6;
/** D1 binds at most 100 values; a result takes two. */
const CHUNK_RESULTS = 40;

const NEVER_CHANGED: ReadonlySet<Key> = new Set([
  "id",
  "jobNumber",
  "documentName",
  "documentUrl",
  "metadata",
  "createdAt",
]);
const CHANGED = INSERTED.filter((key) => !NEVER_CHANGED.has(key));

const valuesOf = (job: Job): unknown[] => CHANGED.map((key) => job[key]);

/** Rewrites the fields of each job that can change. */
export function updateJobs(owner: Owner & GroupKey, jobs: readonly Job[]): Query[] {
  if (jobs.length > MOST_ALONE) return updateMany(owner, jobs);
  return jobs.map((job) => updateOne(owner, job));
}

const ASSIGNMENTS = CHANGED.map((key) => `${nameOf(key)} = ?`).join(", ");
/** The entries are the first parameter, because they stand at several places of the text. */
const APPENDING = `${appendHistory("?1")}, `;

/**
 * A stored result is never loaded, so an unfinished job keeps the one it has. A job that has been completed without
 * a result has none any more.
 */
function updateOne(owner: Owner & GroupKey, job: Job): Query {
  const row = rowQuery(owner);
  const ended = job.ended.length === 0 ? [] : [JSON.stringify(job.ended)];
  const isReplaced = job.extractedData !== null || job.status === "completed";
  const result = storedForm(job.extractedData);
  return {
    sql: `UPDATE job SET ${ended.length === 0 ? "" : APPENDING}${ASSIGNMENTS}${isReplaced ? `, extracted_data = ${result.sql}` : ""}
      WHERE key = ${keyText(row.sql, "?")} AND group_id = ? AND workspace = ?`,
    params: [
      ...ended,
      ...valuesOf(job),
      ...(isReplaced ? result.params : []),
      ...row.params,
      sequenceOf(job.id),
      owner.groupId,
      owner.workspace,
    ],
  };
}

const field = (index: number) => `json_extract(changed.value, '$[${index}]')`;
const FIELDS = [
  ...CHANGED.map((key, index) => `${nameOf(key)} = ${field(index + 1)}`),
  appendHistory(field(CHANGED.length + 1)),
].join(", ");
const STATUS = field(CHANGED.indexOf("status") + 1);

function updateMany(owner: Owner & GroupKey, jobs: readonly Job[]): Query[] {
  const row = rowQuery(owner);
  const rowOf = (job: Job) => [
    sequenceOf(job.id),
    ...valuesOf(job),
    job.ended.length === 0 ? null : job.ended,
  ];
  return inChunks(jobs, rowOf, CHUNK_RESULTS).map(({ json, jobs: chunk }) => {
    const results = chunk.filter(({ extractedData }) => extractedData !== null);
    const forms = results.map(({ id, extractedData }) => ({ id, ...storedForm(extractedData) }));
    const cases = forms.map(({ sql }) => `WHEN job.id = ? THEN ${sql}`).join(" ");
    return {
      sql: `UPDATE job SET ${FIELDS}, extracted_data = CASE ${cases}
          WHEN ${STATUS} = 'completed' THEN NULL ELSE extracted_data END
        FROM json_each(?) AS changed
        WHERE job.key = ${keyText(row.sql, field(0))} AND job.group_id = ? AND job.workspace = ?`,
      params: [
        ...forms.flatMap(({ id, params }) => [id, ...params]),
        json,
        ...row.params,
        owner.groupId,
        owner.workspace,
      ],
    };
  });
}
