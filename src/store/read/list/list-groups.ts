import { and, asc, desc, eq, type SQL, sql, type SQLWrapper } from "drizzle-orm";
import type { CommittedGroup } from "../../../domain/group.ts";
import { groupRows } from "../../columns.ts";
import { type Db, runBatch } from "../../db.ts";
import { jobGroup, jobGroupCount } from "../../schema.ts";
import { type AccessPath, chooseAccessPath } from "./access-path.ts";
import { compileFilter, fieldsOf, type Filter } from "./compile-filter.ts";
import { scalarField, type SortField } from "./fields.ts";
import { after, type Position } from "./keyset.ts";

export interface ListQuery {
  readonly workspace: string;
  readonly limit: number;
  readonly offset: number;
  /** The end of the page before. */
  readonly position?: Position | undefined;
  readonly sort: SortField;
  readonly order: "asc" | "desc";
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

export interface ListPage {
  readonly groups: CommittedGroup[];
  /** The groups that match, on all pages. */
  readonly total: number;
  /** The end of this page, or `null` when nothing follows. */
  readonly position: Position | null;
}

/**
 * Reads one page and the number of groups that match, in one round trip and from one point in time. In
 * ascending order, groups without a value come first; in descending order, last. Groups with the same value
 * are sorted by age, then by id.
 */
export async function listGroups(db: Db, query: ListQuery): Promise<ListPage> {
  const access = chooseAccessPath(query);
  const where = and(...access.conditions, ...access.filters.map(compileFilter));
  const sorted = scalarField(query.sort).expression;
  const keys = sortKeys(query.sort, sorted, access);
  const direction = query.order === "asc" ? asc : desc;
  const order = sql.join(keys.map(direction), sql.raw(", "));
  const follows = query.position && after(keys, query.order, query.position);
  const bounds = { follows, order, limit: query.offset + query.limit + 1 };
  const from = access.ranges ? sql`${jobGroup}` : access.from;
  const matching = access.ranges
    ? firstOfEachRange(access, access.ranges, bounds)
    : and(where, follows);
  const page = sql`SELECT ${groupRows.sql}, ${sorted} AS sort_key FROM ${from}
    ${matching && sql`WHERE ${matching}`} ORDER BY ${order} LIMIT ${query.limit + 1} OFFSET ${query.offset}`;
  const [found, counted] = await runBatch<Row>(db, [page, countQuery(query, access, where)]);
  const rows = found?.results ?? [];
  const end = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  const position = end && [end.sort_key, end.createdAt, end.id].slice(-keys.length);
  const groups = rows.slice(0, query.limit).map((row) => {
    const { sort_key: _sortKey, ...columns } = row;
    return groupRows.read(columns);
  });
  return { groups, total: counted?.results[0]?.total ?? 0, position: position ?? null };
}

function sortKeys(
  sort: SortField,
  sorted: SQLWrapper,
  { createdAt, id }: AccessPath,
): SQLWrapper[] {
  if (sort === "_id") return [id];
  return sort === "createdAt" ? [createdAt, id] : [sorted, createdAt, id];
}

const COUNTED = new Set([scalarField("status"), scalarField("priority")]);

/**
 * Adds up the stored counts by status and priority when the filter names no other field. A condition that stands neither
 * in `filter` nor in `search` has to be looked at here too: else the total is wrong.
 */
function countQuery(query: ListQuery, access: AccessPath, where: SQL | undefined): SQL {
  const { filter, workspace, search } = query;
  const others = filter ? fieldsOf(filter).filter((field) => !COUNTED.has(field)) : [];
  if (search !== undefined || others.length > 0) {
    const from = where === undefined ? (access.countFrom ?? access.from) : access.from;
    return sql`SELECT count(*) AS total FROM ${from} ${where && sql`WHERE ${where}`}`;
  }
  const counted = and(eq(jobGroup.workspace, workspace), filter && compileFilter(filter));
  return sql`SELECT coalesce(sum(groups), 0) AS total FROM ${jobGroupCount} AS ${jobGroup} WHERE ${counted}`;
}

interface Row extends Record<string, unknown> {
  readonly id: string;
  readonly createdAt: number;
  readonly sort_key: string | number | null;
  readonly total: number;
}

interface PageBounds {
  readonly follows: SQL | undefined;
  readonly order: SQL;
  readonly limit: number;
}

/** Takes from the start of each range as many groups as the page can need. A range lies in the list's order. */
function firstOfEachRange(
  access: AccessPath,
  each: NonNullable<AccessPath["ranges"]>,
  bounds: PageBounds,
) {
  const rest = access.filters.filter((part) => part !== each).map(compileFilter);
  const heads = [...new Set(each.values)].map((value) => {
    const within = [...access.conditions, sql`${each.field.expression} = ${value}`, ...rest];
    return sql`SELECT rowid FROM (SELECT ${jobGroup.rowid} FROM ${access.from}
      WHERE ${and(...within, bounds.follows)} ORDER BY ${bounds.order} LIMIT ${bounds.limit})`;
  });
  return sql`${jobGroup.rowid} IN (${sql.join(heads, sql.raw(" UNION ALL "))})`;
}
