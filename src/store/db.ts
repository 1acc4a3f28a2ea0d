import { type Query, SQL, sql } from "drizzle-orm";
import { drizzle, type DrizzleD1Database } from "drizzle-orm/d1";
import { SQLiteAsyncDialect } from "drizzle-orm/sqlite-core";

export type Db = DrizzleD1Database & { readonly $client: D1Database };

/** Connects drizzle. A session has the two methods of a database that are used here. */
export const connect = (d1: D1Database | D1DatabaseSession): Db => drizzle(d1 as D1Database);

const dialect = new SQLiteAsyncDialect();

/** A statement for `runBatch`: drizzle's raw SQL, one of its builders, or a text with its parameters. */
export type Write = SQL | Query | { toSQL(): Query };

/** Runs statements in one transaction. Drizzle's own batch cannot bind the parameters of raw SQL. */
export function runBatch<Row = unknown>(
  { $client }: Db,
  writes: readonly Write[],
): Promise<D1Result<Row>[]> {
  const statements = writes.map((write) => {
    const query = queryOf(write);
    return $client.prepare(query.sql).bind(...query.params);
  });
  return $client.batch<Row>(statements);
}

function queryOf(write: Write): Query {
  if (write instanceof SQL) return dialect.sqlToQuery(write);
  return "toSQL" in write ? write.toSQL() : write;
}

/** The values as a list for `IN`. They are one JSON parameter, because D1 binds at most 100. */
export const among = (values: readonly string[]): SQL =>
  sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`;
