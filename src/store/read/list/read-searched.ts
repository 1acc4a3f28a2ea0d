import { type SQL, sql } from "drizzle-orm";
import { groupRows } from "../../columns.ts";
import { type Db, runBatch } from "../../db.ts";
import { jobGroup } from "../../schema.ts";
import { type AccessPath, sortedIndex } from "./access-path.ts";
import { besideRows, inText, type ListBounds, where } from "./candidates.ts";
import { compileFilter, fixed } from "./compile-filter.ts";
import { scalarField } from "./fields.ts";
import { after } from "./keyset.ts";
import type { ListPage, ListQuery, TooBroad } from "./list-groups.ts";
import {
  inOrderOf,
  lookedAt,
  readSorted,
  type SearchReach,
  type SortedRow,
  sortedKeys,
  sortedPage,
} from "./read-sorted.ts";
import { scopedTo, scopeOf, searchCondition } from "./search.ts";
import { phraseOrPart, phraseWithin } from "./search-weight.ts";

type SearchPath = AccessPath & { readonly phrase: string };

const NOTHING: SearchReach & { seen: number; total: number } = {
  seen: 0,
  total: 0,
  isWalked: 0,
  isLong: 0,
  isOwn: 1,
  asked: "",
  isPart: 0,
};

/** More groups match than a list may look at. The query yields them up to one more than that. */
export interface ManyHits {
  readonly hits: SQL;
}

/**
 * Reads a page of the groups that the search index finds. When the phrase would lead through many pages of the index, the
 * groups that have its rare trigrams may be looked at instead.
 */
export async function readSearched(
  db: Db,
  query: ListQuery,
  path: SearchPath,
  bounds: ListBounds,
): Promise<ListPage | TooBroad | ManyHits> {
  if (isPlain(path)) {
    const most = Math.min(bounds.weighedFrom, bounds.searched);
    const page = await readHits(db, query, path, bounds, phraseWithin(path.phrase, most));
    if (page !== undefined) return page;
  }
  const weight = phraseOrPart(path.phrase, isPlain(path), bounds);
  return (await readHits(db, query, path, bounds, weight)) ?? "examined";
}

/** `undefined`: the index was not asked. */
async function readHits(
  db: Db,
  query: ListQuery,
  path: SearchPath,
  bounds: ListBounds,
  weight: SQL,
): Promise<ListPage | TooBroad | ManyHits | undefined> {
  const [found] = await runBatch<SortedRow & SearchReach>(db, [
    hitsPage(query, path, bounds, weight),
  ]);
  const rows = found?.results ?? [];
  const [{ seen, total, isWalked, isLong, isOwn, asked, isPart } = NOTHING] = rows;
  if (asked === null) return undefined;
  const match = matches(query.workspace, sql`${asked}`);
  if (isPart === 1 && (isLong === 1 || !isPlain(path))) {
    return readSorted(db, query, { ...path, conditions: [match], search: query.search }, bounds);
  }
  if (seen > bounds.examined) {
    const isCounted = isPlain(path) && isPart === 0 && isOwn === 1;
    return isCounted ? { hits: hitsOf(match, bounds) } : "examined";
  }
  // A walk that has not filled the page may have left off before its end.
  const isAll = query.position === undefined && query.offset === 0 && rows.length === total;
  if (isWalked === 1 && rows.length <= query.limit && !isAll) {
    return readSorted(db, query, path, bounds);
  }
  return sortedPage(query, path, rows, bounds);
}

const matches = (workspace: string, asked: SQL): SQL =>
  sql`job_group_search MATCH ${scopedTo(workspace)} || ${asked}`;

const hitsOf = (match: SQL, { examined }: ListBounds): SQL =>
  sql`SELECT job_group_search.rowid AS at FROM job_group_search WHERE ${match} LIMIT ${inText(examined + 1)}`;

/**
 * Selects a page of the groups that the index finds, and their number. The rows of all are read when they are few, or
 * when more is to be checked. Else the first entries in the index of the list's order that are among them make the page.
 */
function hitsPage(query: ListQuery, path: SearchPath, bounds: ListBounds, weight: SQL): SQL {
  const { workspace, limit, offset, order, position } = query;
  const keys = sortedKeys(query);
  const inOrder = inOrderOf(query, keys);
  const follows = position && after(keys, order, position);
  const walk = walkOf(query, path);
  const [most, walkedFrom] = [inText(bounds.examined), inText(bounds.walkedFrom)];
  const isWalked =
    walk === undefined
      ? sql`0`
      : sql`is_own AND is_part = 0 AND hits BETWEEN ${walkedFrom} AND ${most}`;
  const seen = sql`SELECT at, is_part FROM hit LIMIT (SELECT CASE WHEN is_walked OR hits > ${most} THEN 0 ELSE ${most} END FROM counted)`;
  const walked =
    walk &&
    sql`UNION ALL SELECT * FROM (SELECT * FROM (${walk} LIMIT (SELECT CASE WHEN is_walked THEN ${inText(bounds.walked)} ELSE 0 END FROM counted))
        WHERE at IN (SELECT at FROM hit) LIMIT ${inText(limit + offset + 1)})`;
  // The rows come out in the order of `page`, a limited subquery: sorting them again would copy wide rows.
  return sql`WITH RECURSIVE ${weight},
    hit AS MATERIALIZED (SELECT job_group_search.rowid AS at, is_part FROM weight CROSS JOIN job_group_search
      WHERE asked IS NOT NULL ${isPlain(path) ? sql`` : sql`AND is_part = 0`} AND ${matches(workspace, sql`asked`)}
      LIMIT ${inText(bounds.examined + 1)}),
    counted AS MATERIALIZED (SELECT hits, is_own, ${isWalked} AS is_walked
      FROM (SELECT count(*) AS hits, coalesce(max(is_part), 0) AS is_part, ${isOwn(workspace)} AS is_own FROM hit)),
    looked_at AS MATERIALIZED (${isPlain(path) ? lookedAtText(query, path, seen) : sql`SELECT *, 0 AS is_long FROM (${lookedAt(query, path, seen, bounds)})`}),
    page AS (SELECT at, sort_key, made_at, made_id FROM looked_at WHERE matches ${follows && sql`AND ${follows}`}
      ${walked} ORDER BY ${inOrder} LIMIT ${inText(limit + 1)} OFFSET ${inText(offset)})
    SELECT at, ${groupRows.sql}, sort_key, reached.* FROM (SELECT hits AS seen, coalesce(max(bytes), 0) AS bytes,
        CASE WHEN is_walked THEN hits ELSE coalesce(sum(matches), 0) END AS total, coalesce(max(is_long), 0) AS "isLong",
        is_walked AS "isWalked", is_own AS "isOwn", asked, is_part AS "isPart"
        FROM weight CROSS JOIN counted LEFT JOIN looked_at ON TRUE) AS reached
      LEFT JOIN page ON TRUE LEFT JOIN ${jobGroup} ON ${jobGroup.rowid} = page.at`;
}

/** The index finds no group of another workspace, whose name would end alike. */
const isOwn = (workspace: string): SQL =>
  sql`NOT EXISTS (SELECT 1 FROM search_scope WHERE scope = ${scopeOf(workspace)} AND workspace <> ${workspace})`;

/** The hits are the groups of the list, but for those of other workspaces: the one filter of a list without any. */
const isPlain = ({ filters, search }: SearchPath): boolean =>
  filters.length === 1 && search === undefined;

/** Longer texts are measured before they are looked through. */
const SHORT_TEXT = 4_000;

/** The groups of `seen`, looked through for the text when they are those of its rare trigrams. */
function lookedAtText({ sort, search = "" }: ListQuery, path: SearchPath, seen: SQL): SQL {
  const isLong = sql`octet_length(${jobGroup.searchText}) > ${inText(SHORT_TEXT)}`;
  const [ofWorkspace] = path.filters;
  return sql`SELECT ${jobGroup.rowid} AS at, ${scalarField(sort).expression} AS sort_key,
      ${jobGroup.createdAt} AS made_at, ${jobGroup.id} AS made_id, 0 AS bytes, is_part AND ${isLong} AS is_long,
      ${ofWorkspace && compileFilter(ofWorkspace)} AND (is_part = 0 OR (NOT ${isLong} AND ${searchCondition(search)})) AS matches
    FROM ${besideRows(path, sql`(${seen}) AS seen`)}`;
}

/** The entries of the index of the list's order. `undefined`: there is none, or not all that is found is of the list. */
function walkOf(query: ListQuery, path: SearchPath): SQL | undefined {
  const { workspace, sort, order, position } = query;
  const index = sortedIndex(sort);
  if (index === undefined || !isPlain(path)) return undefined;
  const sortKey = scalarField(sort).expression;
  const age = [jobGroup.createdAt, jobGroup.id];
  const keys = sort === "createdAt" ? age : [sortKey, ...age];
  return sql`SELECT ${jobGroup.rowid} AS at, ${sortKey} AS sort_key, ${jobGroup.createdAt} AS made_at, ${jobGroup.id} AS made_id
    FROM ${jobGroup} INDEXED BY ${sql.raw(index)}
    ${where(sql`${jobGroup.workspace} = ${fixed(workspace)}`, position && after(keys, order, position))} ORDER BY ${inOrderOf(query, keys)}`;
}
