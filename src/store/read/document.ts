import { sql } from "drizzle-orm";
import { type Db, runBatch } from "../db.ts";
import { keyOfJob } from "../job-keys.ts";
import { isKept } from "../kept.ts";

/** A job as far as its document goes. */
export interface DocumentOfJob {
  readonly documentName: string;
  /** `null` when no document of the job is stored. */
  readonly documentKey: string | null;
}

export async function readDocument(
  db: Db,
  workspace: string,
  groupId: string,
  jobId: string,
): Promise<DocumentOfJob | undefined> {
  const [found] = await runBatch<DocumentOfJob>(db, [
    sql`SELECT document_name AS documentName, document_key AS documentKey FROM job
      WHERE key = ${keyOfJob({ groupId, rowid: null }, jobId)} AND workspace = ${workspace} AND id = ${jobId} AND ${isKept(sql`job.group_id`)}`,
  ]);
  return found?.results[0];
}
