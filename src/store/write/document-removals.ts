import { type SQL, sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";
import { fromJobs } from "../job-keys.ts";

/** A stored document without a job, or all of a deleted group when the key is empty. */
export interface Removal extends GroupKey {
  readonly documentKey: string;
}

/** Asks for the removal of documents, in the batch that takes their job or their group away. */
export const insertRemovals = (
  { workspace, groupId }: GroupKey,
  documentKeys: readonly string[],
): SQL[] =>
  documentKeys.map(
    (key) =>
      sql`INSERT INTO document_removal (workspace, group_id, document_key)
        VALUES (${workspace}, ${groupId}, ${key}) ON CONFLICT DO NOTHING`,
  );

/** Removals of any workspace that are not done. */
export async function readRemovals(db: Db, limit: number): Promise<readonly Removal[]> {
  const [found] = await runBatch<Removal>(db, [
    sql`SELECT workspace, group_id AS groupId, document_key AS documentKey
      FROM document_removal LIMIT ${limit}`,
  ]);
  return found?.results ?? [];
}

export async function endRemoval(
  db: Db,
  { workspace, groupId, documentKey }: Removal,
): Promise<void> {
  await runBatch(db, [
    sql`DELETE FROM document_removal
      WHERE workspace = ${workspace} AND group_id = ${groupId} AND document_key = ${documentKey}`,
  ]);
}

/** The documents of one upload that have a job. */
export async function documentsOfUpload(
  db: Db,
  groupId: string,
  uploadId: string,
): Promise<ReadonlySet<string>> {
  const [found] = await runBatch<{ key: string }>(db, [
    sql`SELECT document_key AS key ${fromJobs({ groupId, rowid: null })}
      AND substr(document_key, 1, ${uploadId.length}) = ${uploadId}`,
  ]);
  return new Set((found?.results ?? []).map(({ key }) => key));
}
