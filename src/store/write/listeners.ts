import { type SQL, sql } from "drizzle-orm";

/**
 * True when a webhook of the workspace asks for each completed job. The index is named, so that nothing is read where
 * none does.
 *
 * @param workspace SQL for the workspace
 */
export const hearsCompletions = (workspace: SQL): SQL =>
  sql`EXISTS (SELECT 1 FROM webhook INDEXED BY webhook_of_completions
    WHERE webhook.workspace = ${workspace} AND instr(events, '"job.completed"') AND disabled_at IS NULL)`;
