import { sql } from "drizzle-orm";
import type { Db } from "../db.ts";

/** Reads no row, but fails when the tables are missing. */
const QUESTION = sql`SELECT 1 FROM job_group LIMIT 0`;

/** Rejects unless the database answers in time. */
export async function answers(db: Db, limitMs: number): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(late.reject, limitMs, new Error("no answer in time"));
  try {
    await Promise.race([db.run(QUESTION), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
