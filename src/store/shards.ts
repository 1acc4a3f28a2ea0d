import { sql } from "drizzle-orm";
import type { GroupKey } from "../domain/group.ts";
import { connect, runBatch } from "./db.ts";
import { isUnsettled, type MovePhase } from "./move-phases.ts";

/** The number of the database that a workspace lives in: 0 stands for `DB`, n for `DB_n`. */
export interface Home {
  readonly shard: number;
  /** The workspace is about to have another home: whoever remembers this one must ask again soon. */
  readonly isMoving: boolean;
}

/** A group, and the number of the database that it lives in. */
export interface GroupPlace extends GroupKey {
  readonly shard: number;
}

/** The home of a workspace that the directory does not name. */
export const FIRST_HOME: Home = { shard: 0, isMoving: false };

const bound = (env: Env) => env as unknown as Readonly<Record<string, D1Database | undefined>>;

/** The databases in the order of their numbers. The first is also the directory: it has the keys, and each workspace's home. */
export function databasesOf(env: Env): readonly D1Database[] {
  const databases: D1Database[] = [];
  for (let next = bound(env)["DB"]; next; next = bound(env)[`DB_${databases.length}`]) {
    databases.push(next);
  }
  return databases;
}

/** The database with this number. Throws when none is bound: the workspace must not be looked for elsewhere. */
export function databaseAt(env: Env, shard: number): D1Database {
  const database = shard === 0 ? env.DB : bound(env)[`DB_${shard}`];
  if (database === undefined) throw new Error(`no database is bound as DB_${shard}`);
  return database;
}

/** Asks the directory for the home of a workspace. With one database there is nothing to ask. */
export async function homeOf(env: Env, workspace: string): Promise<Home> {
  if (bound(env)["DB_1"] === undefined) return FIRST_HOME;
  const [found] = await runBatch<{ shard: number; phase: MovePhase | null }>(connect(env.DB), [
    sql`SELECT shard, phase FROM workspace_home WHERE workspace = ${workspace}`,
  ]);
  const row = found?.results[0];
  return row === undefined ? FIRST_HOME : { shard: row.shard, isMoving: isUnsettled(row.phase) };
}

export const shardOf = async (env: Env, workspace: string): Promise<number> =>
  (await homeOf(env, workspace)).shard;
