import { type SQL, sql } from "drizzle-orm";

/** The condition that this database may write the workspace: it is not on its way from or to another one. */
export const isAtHome = (workspace: SQL): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM workspace_stop WHERE workspace_stop.workspace = ${workspace})`;
