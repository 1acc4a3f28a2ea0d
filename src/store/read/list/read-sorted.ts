import { asc, desc, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { groupRows } from "../../columns.ts";
import { type Db, runBatch } from "../../db.ts";
import { jobGroup } from "../../schema.ts";
import type { AccessPath } from "./access-path.ts";
import {
  besideRows,
  bytesTo,
  candidates,
  checks,
  inText,
  isWhole,
  type ListBounds,
  metered,
  mostSeen,
  type Reach,
} from "./candidates.ts";
import { scalarField } from "./fields.ts";
import { after } from "./keyset.ts";
import type { ListPage, ListQuery, TooBroad } from "./list-groups.ts";
import { type PageRow, pageOf } from "./rows.ts";

/**
 * Reads a page from a source that does not yield the groups in order: all of them are checked and sorted. What is sorted
 * are their keys; rows are read for the page alone.
 */
export async function readSorted(
  db: Db,
  query: ListQuery,
  path: AccessPath,
  bounds: ListBounds,
): Promise<ListPage | TooBroad> {
  const keys = sortedKeys(query);
  const order = inOrderOf(query, keys);
  const follows = query.position && after(keys, query.order, query.position);
  const most = mostSeen(path, bounds);
  // Rows are not looked at when they are too many.
  const seen = sql`SELECT * FROM met_first WHERE (SELECT seen FROM counted) <= ${inText(most)}`;
  const [found] = await runBatch<SortedRow>(db, [
    sql`WITH met_first AS MATERIALIZED (${candidates(path, most + 1)}),
      counted AS MATERIALIZED (SELECT count(*) AS seen FROM met_first),
      looked_at AS MATERIALIZED (${lookedAt(query, path, seen, bounds)}),
      page AS (SELECT * FROM looked_at WHERE matches ${follows && sql`AND ${follows}`}
        ORDER BY ${order} LIMIT ${inText(query.limit + 1)} OFFSET ${inText(query.offset)})
    SELECT at, ${groupRows.sql}, sort_key, reached.* FROM (SELECT (SELECT seen FROM counted) AS seen, coalesce(max(bytes), 0) AS bytes,
        coalesce(sum(matches), 0) AS total FROM looked_at) AS reached
      LEFT JOIN page ON TRUE LEFT JOIN ${jobGroup} ON ${jobGroup.rowid} = page.at ORDER BY ${order}`,
  ]);
  return sortedPage(query, path, found?.results ?? [], bounds);
}

/** The groups of `seen` with the keys of the list's order, checked. */
export const lookedAt = ({ sort }: ListQuery, path: AccessPath, seen: SQL, bounds: ListBounds) =>
  sql`SELECT ${jobGroup.rowid} AS at, ${scalarField(sort).expression} AS sort_key,
      ${jobGroup.createdAt} AS made_at, ${jobGroup.id} AS made_id, ${bytesTo(path)} AS bytes,
      CASE WHEN ${checks(path, bounds) ?? sql`TRUE`} THEN 1 ELSE 0 END AS matches
    FROM ${besideRows(path, sql`(${metered(path, seen)}) AS seen`)}`;

/** The part of the search index that was asked. */
export interface SearchReach {
  readonly isWalked: 0 | 1;
  /** The text of one of the groups to look at is long. */
  readonly isLong: 0 | 1;
  /** The index finds no group of another workspace. */
  readonly isOwn: 0 | 1;
  /** The index was asked for it. `null`: it was not asked. */
  readonly asked: string | null;
  /** It was asked for a part of the phrase. */
  readonly isPart: 0 | 1;
}

/** A row of the page with the reach of what was looked at, or the reach alone. */
export interface SortedRow extends PageRow, Reach, Partial<SearchReach> {
  /** The number of the group's row; `null` in a row that has the reach alone. */
  readonly at: number | null;
  readonly total: number;
}

export function sortedPage(
  query: ListQuery,
  path: AccessPath,
  rows: readonly SortedRow[],
  bounds: ListBounds,
): ListPage | TooBroad {
  const [{ seen, bytes, total } = { seen: 0, bytes: 0, total: 0 }] = rows;
  if (!isWhole({ seen, bytes }, path, bounds)) return "examined";
  const shown = rows.filter(({ at }) => at !== null);
  return { ...pageOf(shown, query.limit, sortedKeys(query).length), total, isCapped: false };
}

export const inOrderOf = ({ order }: ListQuery, keys: readonly SQLWrapper[]): SQL =>
  sql.join(keys.map(order === "asc" ? asc : desc), sql.raw(", "));

/** The keys of the list's order, as `lookedAt` names them. */
export function sortedKeys({ sort }: ListQuery): SQL[] {
  if (sort === "_id") return [sql`made_id`];
  return sort === "createdAt"
    ? [sql`made_at`, sql`made_id`]
    : [sql`sort_key`, sql`made_at`, sql`made_id`];
}
