import { sql } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import { type Db, runBatch } from "../db.ts";

interface FirstError {
  readonly documentName: string;
  readonly error: string | null;
}

/** Reads the errors of the first failed jobs of a group, for an e-mail. */
export async function readFirstErrors(
  db: Db,
  { workspace, groupId }: GroupKey,
  limit: number,
): Promise<FirstError[]> {
  const [found] = await runBatch<FirstError>(db, [
    sql`SELECT document_name AS documentName, error FROM job INDEXED BY job_failed
      WHERE group_id = ${groupId} AND workspace = ${workspace} AND status = 'failed'
      ORDER BY key LIMIT ${limit}`,
  ]);
  return found?.results ?? [];
}
