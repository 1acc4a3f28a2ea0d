import { sql } from "drizzle-orm";
import type { ClaimFilter } from "../../domain/claim-filter.ts";
import { type Db, runBatch } from "../db.ts";
import type { FilteredLine } from "../read/claimable.ts";
import { UNFILLED } from "../schema.ts";
import { dropForgotten } from "./drop-filters.ts";
import { fillFurther } from "./fill-line.ts";

/** Filters that a workspace keeps. A further one takes the place of the one not asked for longest. */
const MAX_FILTERS = 50;
const REFRESHED_MS = 60 * 60_000;
const FORGOTTEN_MS = 24 * REFRESHED_MS;
const MAX_FORGOTTEN = 10;
/** Steps of filling that one claim takes. */
const MAX_STEPS = 5;

interface Kept {
  readonly asked_at: number;
  readonly fill: string | null;
}

/**
 * Sees to it that the database keeps the line of a filter. Its triggers do so for each group that changes from the commit
 * on that stores the filter, so a workspace that never claims by template or tag writes no row more. The groups from
 * before are added in steps, in the order of claims. Answers `true` when all of them are in the line.
 */
export async function keepFilter(
  db: Db,
  line: FilteredLine,
  filter: ClaimFilter,
  now: number,
): Promise<boolean> {
  const { workspace, filterId } = line;
  const [found] = await runBatch<Kept>(db, [
    sql`SELECT asked_at, fill FROM claim_filter WHERE workspace = ${workspace} AND id = ${filterId}`,
  ]);
  const [kept] = found?.results ?? [];
  const isFresh = (kept?.asked_at ?? 0) > now - REFRESHED_MS;
  let fill = isFresh ? (kept?.fill ?? null) : await ask(db, line, filter, now);
  for (let step = 0; step < MAX_STEPS && fill !== null; step++) {
    const { isFruitful, ...filled } = await fillFurther(db, line, fill);
    ({ fill } = filled);
    if (isFruitful) break;
  }
  return fill === null;
}

/** Notes that the filter is asked for, and forgets what a workspace has beyond its number of filters. */
async function ask(
  db: Db,
  { workspace, filterId }: FilteredLine,
  { templates, tags }: ClaimFilter,
  now: number,
): Promise<string | null> {
  const [asked, beyond] = await runBatch<Kept>(db, [
    sql`INSERT INTO claim_filter (workspace, id, templates, tags, asked_at, fill)
      VALUES (${workspace}, ${filterId}, ${JSON.stringify(templates)}, ${JSON.stringify(tags)}, ${now}, ${UNFILLED})
      ON CONFLICT DO UPDATE SET asked_at = excluded.asked_at RETURNING asked_at, fill`,
    sql`UPDATE claim_filter SET asked_at = 0, fill = ${UNFILLED} WHERE workspace = ${workspace} AND asked_at > 0 AND id NOT IN (
      SELECT id FROM claim_filter WHERE workspace = ${workspace} ORDER BY asked_at DESC, id LIMIT ${MAX_FILTERS})`,
  ]);
  if ((beyond?.meta.changes ?? 0) > 0) await dropForgotten(db);
  return asked?.results[0]?.fill ?? null;
}

/** Forgets a few filters that no claim has asked for in a day. */
export async function forgetFilters(db: Db, now: number): Promise<void> {
  await runBatch(db, [
    sql`UPDATE claim_filter SET asked_at = 0, fill = ${UNFILLED} WHERE (workspace, id) IN (SELECT workspace, id FROM claim_filter
      INDEXED BY claim_filter_by_asked_at WHERE asked_at > 0 AND asked_at < ${now - FORGOTTEN_MS} ORDER BY asked_at LIMIT ${MAX_FORGOTTEN})`,
  ]);
  await dropForgotten(db);
}
