import { sql } from "drizzle-orm";
import type { Job, JobStatus } from "../../domain/job.ts";
import type { Beats } from "../../domain/lease.ts";
import { beatsIn, beatsOfLease, jobRows, toJob } from "../columns.ts";
import { among, type Db, runBatch } from "../db.ts";
import { fromJobs } from "../job-keys.ts";
import { isKept } from "../kept.ts";
import { readable, STORED_RESULT } from "../stored-result.ts";

/** About the size of a row without its long texts. */
const ROW_BYTES = 1_000;

export interface ResultsQuery {
  readonly workspace: string;
  readonly groupId: string;
  readonly statuses: readonly JobStatus[];
  /** Read the extracted data too. */
  readonly withData: boolean;
  /** Look at jobs from this sequence number on and before the other. */
  readonly from: number;
  readonly before: number;
  /** The page ends with the result whose stored form reaches this size, so that its memory is bounded whatever results hold. */
  readonly maxBytes: number;
}

export interface Result {
  /** Without its extracted data. */
  readonly job: Job;
  readonly beats: Beats;
  /** Decodes the extracted data. A page's data may be far longer than its stored form, so it is not decoded all at once. */
  readonly extractedData: () => string | null;
}

export interface ResultsPage {
  readonly results: readonly Result[];
  /** The page has reached its size: there may be more after its last result. */
  readonly isFull: boolean;
}

/**
 * Reads results in the order of the jobs, up to a size. The sizes are summed before the texts are read:
 * `octet_length` does not read what it measures.
 */
export async function readResults(db: Db, query: ResultsQuery): Promise<ResultsPage> {
  const { workspace, groupId, withData, maxBytes } = query;
  const range = { from: query.from, before: query.before };
  const data = withData ? sql`extracted_data` : sql`NULL`;
  const size = sql`${ROW_BYTES} + coalesce(octet_length(${data}), 0) + coalesce(octet_length(metadata), 0)
    + coalesce(octet_length(error), 0)`;
  const [found] = await runBatch<Row>(db, [
    sql`SELECT ${jobRows.sql}, ${withData ? STORED_RESULT : sql`NULL`} AS stored, ${beatsOfLease} AS beats, page.bytes
      FROM (
        SELECT job.key, ${size} AS own_bytes, sum(${size}) OVER (ORDER BY job.key ROWS UNBOUNDED PRECEDING) AS bytes
        ${fromJobs({ groupId, rowid: null }, range)} AND workspace = ${workspace} AND status IN ${among(query.statuses)}
          AND ${isKept(sql`job.group_id`)}
      ) AS page CROSS JOIN job ON job.key = page.key
      WHERE page.bytes - page.own_bytes < ${maxBytes} ORDER BY page.key`,
  ]);
  const rows = found?.results ?? [];
  return {
    results: rows.map((row) => {
      // The function that is returned keeps this text alone alive.
      const { stored } = row;
      const found = { job: toJob(jobRows.read(row)), beats: beatsIn(row) };
      return { ...found, extractedData: () => readable(stored) };
    }),
    isFull: (rows.at(-1)?.bytes ?? 0) >= maxBytes,
  };
}

interface Row extends Record<string, unknown> {
  readonly stored: string | null;
  readonly beats: string | null;
  readonly bytes: number;
}
