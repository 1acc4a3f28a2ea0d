import { env } from "cloudflare:workers";

const second = (env as unknown as Readonly<Record<string, D1Database | undefined>>)["DB_1"];

/** The number of the database that the tests' workspaces live in: the last one that is bound. */
export const SHARD = second === undefined ? 0 : 1;

export const database: D1Database = second ?? env.DB;

/** The bindings with another database in the place of this one. */
export const bindingsWith = (other: D1Database): Env => ({
  ...env,
  [SHARD === 0 ? "DB" : `DB_${SHARD}`]: other,
});
