import { asc, desc, type SQL, sql } from "drizzle-orm";
import { groupRows } from "../../columns.ts";
import { type Db, runBatch } from "../../db.ts";
import { jobGroup } from "../../schema.ts";
import type { AccessPath } from "./access-path.ts";
import {
  besideRows,
  bytesTo,
  candidates,
  checks,
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
  const keys = sortKeys(query);
  const direction = query.order === "asc" ? asc : desc;
  const order = sql.join(keys.map(direction), sql.raw(", "));
  const follows = query.position && after(keys, query.order, query.position);
  const source = sql`(${metered(path, candidates(path, mostSeen(path, bounds) + 1))}) AS seen`;
  const [found] = await runBatch<Row>(db, [
    sql`WITH looked_at AS MATERIALIZED (
        SELECT ${jobGroup.rowid} AS at, ${scalarField(query.sort).expression} AS sort_key,
          ${jobGroup.createdAt} AS made_at, ${jobGroup.id} AS made_id, ${bytesTo(path)} AS bytes,
          CASE WHEN ${checks(path, bounds) ?? sql`TRUE`} THEN 1 ELSE 0 END AS matches
        FROM ${besideRows(path, source)}),
      page AS (SELECT * FROM looked_at WHERE matches ${follows && sql`AND ${follows}`}
        ORDER BY ${order} LIMIT ${query.limit + 1} OFFSET ${query.offset})
    SELECT ${groupRows.sql}, sort_key, reached.* FROM (SELECT count(*) AS seen, coalesce(max(bytes), 0) AS bytes,
        coalesce(sum(matches), 0) AS total FROM looked_at) AS reached
      LEFT JOIN page ON TRUE LEFT JOIN ${jobGroup} ON ${jobGroup.rowid} = page.at ORDER BY ${order}`,
  ]);
  const rows = found?.results ?? [];
  const [{ seen, bytes, total } = { seen: 0, bytes: 0, total: 0 }] = rows;
  if (!isWhole({ seen, bytes }, path, bounds)) return "examined";
  const shown = rows
    .filter(({ id }) => id !== null)
    .map(({ seen: _seen, bytes: _bytes, total: _total, ...row }) => row as PageRow);
  return { ...pageOf(shown, query.limit, keys.length), total, isCapped: false };
}

interface Row extends PageRow, Reach {
  readonly total: number;
}

function sortKeys({ sort }: ListQuery): SQL[] {
  if (sort === "_id") return [sql`made_id`];
  return sort === "createdAt"
    ? [sql`made_at`, sql`made_id`]
    : [sql`sort_key`, sql`made_at`, sql`made_id`];
}
