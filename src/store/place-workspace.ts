import { sql } from "drizzle-orm";
import { connect, runBatch } from "./db.ts";
import { databasesOf } from "./shards.ts";

/**
 * Gives a new workspace its home: the emptiest database. One that has keys keeps the home it has; `settled` always lived in
 * `DB`. With one database nothing is asked or written.
 */
export async function placeWorkspace(env: Env, workspace: string, settled: string): Promise<void> {
  const databases = databasesOf(env);
  if (databases.length === 1 || workspace === settled) return;
  const directory = connect(env.DB);
  const [known] = await runBatch(directory, [
    sql`SELECT 1 FROM api_key WHERE workspace = ${workspace}
      UNION ALL SELECT 1 FROM workspace_home WHERE workspace = ${workspace} LIMIT 1`,
  ]);
  if ((known?.results.length ?? 0) > 0) return;
  const sizes = await Promise.all(databases.map(sizeOf));
  const shard = sizes.indexOf(Math.min(...sizes));
  await runBatch(directory, [
    sql`INSERT INTO workspace_home (workspace, shard) VALUES (${workspace}, ${shard})
      ON CONFLICT DO NOTHING`,
  ]);
}

/** The size of a database in bytes, which each of D1's answers tells. */
async function sizeOf(database: D1Database): Promise<number> {
  const { meta } = await database.prepare("SELECT 1").run();
  return meta.size_after;
}
