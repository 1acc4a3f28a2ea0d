import { and, asc, eq } from "drizzle-orm";
import type { GroupKey } from "../../domain/group.ts";
import type { Db } from "../db.ts";
import { job } from "../schema.ts";

/** Reads the errors of the first failed jobs of a group, for an e-mail. */
export const readFirstErrors = (db: Db, { workspace, groupId }: GroupKey, limit: number) =>
  db
    .select({ documentName: job.documentName, error: job.error })
    .from(job)
    .where(and(eq(job.workspace, workspace), eq(job.groupId, groupId), eq(job.status, "failed")))
    .orderBy(asc(job.id))
    .limit(limit);
