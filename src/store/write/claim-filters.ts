import { sql } from "drizzle-orm";
import type { ClaimFilter } from "../../domain/claim-filter.ts";
import { type Db, runBatch } from "../db.ts";
import type { Line } from "../read/claimable.ts";

/** Filters that a workspace keeps. A further one takes the place of the one not asked for longest. */
const MAX_FILTERS = 50;
const REFRESHED_MS = 60 * 60_000;
const FORGOTTEN_MS = 24 * REFRESHED_MS;
const MAX_FORGOTTEN = 10;

/**
 * Sees to it that the database keeps the line of a filter. Its triggers do so from the commit that stores the filter
 * on, so a workspace that never claims by template or tag writes no row more.
 */
export async function keepFilter(
  db: Db,
  { workspace, filterId }: Required<Line>,
  { templates, tags }: ClaimFilter,
  now: number,
): Promise<void> {
  const [found] = await runBatch<{ asked_at: number }>(db, [
    sql`SELECT asked_at FROM claim_filter WHERE workspace = ${workspace} AND id = ${filterId}`,
  ]);
  if ((found?.results[0]?.asked_at ?? 0) > now - REFRESHED_MS) return;
  await runBatch(db, [
    sql`INSERT INTO claim_filter (workspace, id, templates, tags, asked_at)
      VALUES (${workspace}, ${filterId}, ${JSON.stringify(templates)}, ${JSON.stringify(tags)}, ${now})
      ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at`,
    sql`DELETE FROM claim_filter WHERE workspace = ${workspace} AND id NOT IN (
      SELECT id FROM claim_filter WHERE workspace = ${workspace} ORDER BY asked_at DESC, id LIMIT ${MAX_FILTERS})`,
  ]);
}

/** Deletes a few filters that no claim has asked for in a day, with their lines. */
export async function forgetFilters(db: Db, now: number): Promise<void> {
  await runBatch(db, [
    sql`DELETE FROM claim_filter WHERE (workspace, id) IN (SELECT workspace, id FROM claim_filter
      INDEXED BY claim_filter_by_asked_at WHERE asked_at < ${now - FORGOTTEN_MS} ORDER BY asked_at LIMIT ${MAX_FORGOTTEN})`,
  ]);
}
