import { type SQL, sql } from "drizzle-orm";
import { groupRows } from "../../columns.ts";
import { type Db, runBatch } from "../../db.ts";
import { jobGroup } from "../../schema.ts";
import { type AccessPath, sortedIndex } from "./access-path.ts";
import { besideRows, inText, type ListBounds, where } from "./candidates.ts";
import { compileFilter } from "./compile-filter.ts";
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
import { quoted, scopedTo, scopeOf, searchCondition } from "./search.ts";
import { entriesOfRarest, weightOf } from "./search-weight.ts";

type SearchPath = AccessPath & { readonly phrase: string };

const NOTHING: SearchReach & { total: number } = {
  isWalked: 0,
  isLong: 0,
  isAsked: 1,
  rarest: "",
  entries: 0,
  total: 0,
};

/**
 * Reads a page of the groups that the search index finds. When the phrase would lead through too many pages of the index,
 * all groups that have its rarest trigram are looked at instead.
 */
export async function readSearched(
  db: Db,
  query: ListQuery,
  path: SearchPath,
  bounds: ListBounds,
): Promise<ListPage | TooBroad> {
  const [found] = await runBatch<SortedRow & SearchReach>(db, [hitsPage(query, path, bounds)]);
  const rows = found?.results ?? [];
  const [{ isWalked, isLong, isAsked, rarest, entries, total } = NOTHING] = rows;
  if (isAsked === 0 && entries > bounds.examined) return "examined";
  if (isAsked === 0 || isLong === 1) {
    const match = sql`job_group_search MATCH ${scopedTo(query.workspace)} || ${`body : ${rarest}`}`;
    return readSorted(db, query, { ...path, conditions: [match], search: query.search }, bounds);
  }
  // A walk that has not filled the page may have left off before its end.
  const isAll = query.position === undefined && query.offset === 0 && rows.length === total;
  if (isWalked === 1 && rows.length <= query.limit && !isAll) {
    return readSorted(db, query, path, bounds);
  }
  return sortedPage(query, path, rows, bounds);
}

/**
 * Selects a page of the groups that the index finds, and their number. The rows of all are read when they are few, or
 * when more is to be checked. Else the first entries in the index of the list's order that are among them make the page.
 */
function hitsPage(query: ListQuery, path: SearchPath, bounds: ListBounds): SQL {
  const { workspace, limit, offset, order, position } = query;
  const keys = sortedKeys(query);
  const inOrder = inOrderOf(query, keys);
  const follows = position && after(keys, order, position);
  const walk = walkOf(query, path);
  const most = inText(bounds.examined + 1);
  const isAsked = sql`(by_rarest OR pages <= ${inText(bounds.searched)})`;
  const isWalked = sql`hits BETWEEN ${inText(walk === undefined ? bounds.examined + 1 : bounds.walkedFrom)} AND ${inText(bounds.examined)}
      AND by_rarest = 0 AND NOT EXISTS (SELECT 1 FROM search_scope WHERE scope = ${scopeOf(workspace)} AND workspace <> ${workspace})`;
  const seen = sql`SELECT at, by_rarest FROM hit LIMIT (SELECT CASE WHEN is_walked THEN 0 ELSE ${most} END FROM counted)`;
  const walked =
    walk &&
    sql`UNION ALL SELECT * FROM (SELECT * FROM (${walk} LIMIT (SELECT CASE WHEN is_walked THEN ${inText(bounds.walked)} ELSE 0 END FROM counted))
        WHERE at IN (SELECT at FROM hit) LIMIT ${inText(limit + offset + 1)})`;
  // The rows come out in the order of `page`, a limited subquery: sorting them again would copy wide rows.
  return sql`WITH RECURSIVE ${weightOf(path.phrase, isPlain(path) ? bounds.weighedFrom : Infinity)},
    hit AS MATERIALIZED (SELECT job_group_search.rowid AS at, by_rarest FROM weight CROSS JOIN job_group_search
      WHERE ${isAsked} AND job_group_search MATCH ${scopedTo(workspace)} || 'body : ' || CASE WHEN by_rarest THEN rarest ELSE ${quoted(path.phrase)} END
      LIMIT ${most}),
    counted AS MATERIALIZED (SELECT hits, ${isWalked} AS is_walked
      FROM (SELECT count(*) AS hits, coalesce(max(by_rarest), 0) AS by_rarest FROM hit)),
    looked_at AS MATERIALIZED (${isPlain(path) ? lookedAtText(query, path, seen) : sql`SELECT *, 0 AS is_long FROM (${lookedAt(query, path, seen, bounds)})`}),
    page AS (SELECT at, sort_key, made_at, made_id FROM looked_at WHERE matches ${follows && sql`AND ${follows}`}
      ${walked} ORDER BY ${inOrder} LIMIT ${inText(limit + 1)} OFFSET ${inText(offset)})
    SELECT ${groupRows.sql}, sort_key, reached.* FROM (SELECT hits AS seen, coalesce(max(bytes), 0) AS bytes, coalesce(max(is_long), 0) AS "isLong", is_walked AS "isWalked",
        CASE WHEN is_walked THEN hits ELSE coalesce(sum(matches), 0) END AS total,
        ${isAsked} AS "isAsked", rarest,
        CASE WHEN NOT ${isAsked} THEN ${entriesOfRarest(bounds.examined + 1)} END AS entries
        FROM weight CROSS JOIN counted LEFT JOIN looked_at ON TRUE) AS reached
      LEFT JOIN page ON TRUE LEFT JOIN ${jobGroup} ON ${jobGroup.rowid} = page.at`;
}

/** The hits are the groups of the list, but for those of other workspaces: the one filter of a list without any. */
const isPlain = ({ filters, search }: SearchPath): boolean =>
  filters.length === 1 && search === undefined;

/** Longer texts are measured before they are looked through. */
const SHORT_TEXT = 4_000;

/** The groups of `seen`, looked through for the text when they are those of a trigram. */
function lookedAtText({ sort, search = "" }: ListQuery, path: SearchPath, seen: SQL): SQL {
  const isLong = sql`octet_length(${jobGroup.searchText}) > ${inText(SHORT_TEXT)}`;
  const [ofWorkspace] = path.filters;
  return sql`SELECT ${jobGroup.rowid} AS at, ${scalarField(sort).expression} AS sort_key,
      ${jobGroup.createdAt} AS made_at, ${jobGroup.id} AS made_id, 0 AS bytes, by_rarest AND ${isLong} AS is_long,
      ${ofWorkspace && compileFilter(ofWorkspace)} AND (by_rarest = 0 OR (NOT ${isLong} AND ${searchCondition(search)})) AS matches
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
    ${where(sql`${jobGroup.workspace} = ${workspace}`, position && after(keys, order, position))} ORDER BY ${inOrderOf(query, keys)}`;
}
