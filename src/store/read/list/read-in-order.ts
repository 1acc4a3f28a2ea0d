import { asc, desc, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import { groupRows } from "../../columns.ts";
import { type Db, runBatch } from "../../db.ts";
import { jobGroup } from "../../schema.ts";
import type { AccessPath } from "./access-path.ts";
import {
  besideRows,
  candidates,
  checks,
  inText,
  isWhole,
  type ListBounds,
  metered,
  mostSeen,
  reach,
  type Reach,
  where,
} from "./candidates.ts";
import { compileFilter } from "./compile-filter.ts";
import { countQuery } from "./count-query.ts";
import { scalarField } from "./fields.ts";
import { after } from "./keyset.ts";
import type { ListPage, ListQuery, TooBroad } from "./list-groups.ts";
import { type PageRow, pageOf } from "./rows.ts";

/** The page's place in the order of the source. */
interface Place {
  readonly follows: SQL | undefined;
  readonly order: SQL;
  readonly direction: SQL;
  readonly limit: number;
  readonly offset: number;
}

/** Reads a page from a source that yields the groups in order: it is left when the page is full. `hits` are all that match. */
export async function readInOrder(
  db: Db,
  query: ListQuery,
  path: AccessPath,
  bounds: ListBounds,
  hits?: SQL,
): Promise<ListPage | TooBroad> {
  if (path.ranges !== undefined && query.offset + query.limit >= bounds.examined) return "examined";
  const keys = sortKeys(query, path);
  const follows = query.position && after(keys, query.order, query.position);
  const isDeep = query.offset > bounds.passed;
  const place = {
    follows,
    order: sql.join(keys.map(query.order === "asc" ? asc : desc), sql.raw(", ")),
    direction: sql.raw(query.order),
    limit: isDeep ? 1 : query.limit + 1,
    offset: isDeep ? bounds.passed : query.offset,
  };
  const page = sql`SELECT ${groupRows.sql}, ${scalarField(query.sort).expression} AS sort_key ${pageSource(path, place, bounds)}`;
  const counting = countQuery(query, path, bounds, hits);
  const [found, counted] = await runBatch<PageRow & Reach & { total: number }>(db, [
    page,
    counting.query,
  ]);
  const rows = found?.results ?? [];
  if (isDeep && rows.length > 0) return "passed";
  const { total, isCapped } = counting.read(counted?.results[0] ?? { seen: 0, bytes: 0, total: 0 });
  const isFull = rows.length > query.limit;
  const isAll = !isCapped && follows === undefined && query.offset + rows.length >= total;
  if (!isFull && !isAll && isChecked(path) && !(await isAtEnd(db, path, place, bounds))) {
    return "examined";
  }
  const shown = pageOf(rows, query.limit, keys.length);
  return {
    ...shown,
    total: isCapped ? Math.max(total, query.offset + rows.length) : total,
    isCapped,
  };
}

const isChecked = ({ filters, search }: AccessPath): boolean =>
  filters.length > 0 || search !== undefined;

function sortKeys({ sort }: ListQuery, { createdAt, id }: AccessPath): SQLWrapper[] {
  return sort === "createdAt" ? [createdAt, id] : [scalarField(sort).expression, createdAt, id];
}

function pageSource(path: AccessPath, place: Place, bounds: ListBounds): SQL {
  const { limit, offset, order, follows } = place;
  const cut = sql`LIMIT ${inText(limit)} OFFSET ${inText(offset)}`;
  if (path.ranges !== undefined) return sql`FROM ${besideRows(path, ofEachRange(path, place))}`;
  if (!isChecked(path)) {
    const isOwn = path.key === jobGroup.rowid;
    const beside = isOwn ? sql`` : sql`CROSS JOIN ${jobGroup} ON ${path.key} = ${path.at}`;
    return sql`FROM ${path.source} ${beside} ${where(...path.conditions, follows)} ORDER BY ${order} ${cut}`;
  }
  // The source is a coroutine of the join's outer loop, so its order is that of the page, and a full page ends both.
  const seen = candidates(path, mostSeen(path, bounds), follows, order);
  const checked = where(checks(path, bounds));
  return path.isCovered
    ? sql`FROM ${besideRows(path, sql`(SELECT at FROM (${seen}) AS seen ${checked} ${cut}) AS seen`)}`
    : sql`FROM ${besideRows(path, sql`(${metered(path, seen)}) AS seen`)} ${checked} ${cut}`;
}

/** Takes from the start of each range as many groups as the page can need. */
function ofEachRange(path: AccessPath, { follows, order, direction, limit, offset }: Place): SQL {
  const inOrder = sql`made_at ${direction}, made_id ${direction}`;
  const heads = [...new Set(path.ranges?.values)].map(
    (
      value,
    ) => sql`SELECT * FROM (SELECT ${jobGroup.rowid} AS at, ${jobGroup.createdAt} AS made_at, ${jobGroup.id} AS made_id
      FROM ${path.source} ${where(...path.conditions, path.ranges && compileFilter({ ...path.ranges, values: [value] }), follows)}
      ORDER BY ${order} LIMIT ${inText(limit + offset)})`,
  );
  return sql`(SELECT at FROM (${sql.join(heads, sql.raw(" UNION ALL "))})
    ORDER BY ${inOrder} LIMIT ${inText(limit)} OFFSET ${inText(offset)}) AS seen`;
}

/** A page that is not full is the last one only if the source yields no further group. */
async function isAtEnd(db: Db, path: AccessPath, { follows, order }: Place, bounds: ListBounds) {
  const seen = metered(path, candidates(path, mostSeen(path, bounds) + 1, follows, order));
  const [reached] = await runBatch<Reach>(db, [sql`SELECT ${reach(path)} FROM (${seen}) AS seen`]);
  return isWhole(reached?.results[0] ?? { seen: 0, bytes: 0 }, path, bounds);
}
