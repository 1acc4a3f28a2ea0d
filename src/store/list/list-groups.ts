import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { Group } from "../../domain/group.ts";
import { groupColumns } from "../columns.ts";
import type { Db } from "../db.ts";
import { jobGroup, jobGroupCount } from "../schema.ts";
import { type Access, accessTo } from "./access.ts";
import { compileFilter, fieldsOf, type Filter } from "./compile-filter.ts";
import { scalarField, type SortField } from "./fields.ts";
import { after, type Position } from "./keyset.ts";

export interface ListQuery {
  readonly workspace: string;
  readonly limit: number;
  readonly offset: number;
  /** Where the page before has ended. */
  readonly position?: Position | undefined;
  readonly sort: SortField;
  readonly order: "asc" | "desc";
  readonly filter?: Filter | undefined;
  readonly search?: string | undefined;
}

export interface ListPage {
  readonly groups: Group[];
  /** Of all groups that match, on whatever page. */
  readonly total: number;
  /** Where this page ends; `null` when nothing follows. */
  readonly position: Position | null;
}

/** Drizzle takes columns only from tables that it has named itself. */
const groupFields = Object.fromEntries(
  Object.entries(groupColumns).map(([key, column]) => [key, sql`${column}`.mapWith(column)]),
) as unknown as typeof groupColumns;

/**
 * One page and the count of all that match, in one round trip and from one point in time. What is not
 * set comes before everything else in ascending order and after it in descending order; age settles
 * ties, then the id.
 */
export async function listGroups(db: Db, query: ListQuery): Promise<ListPage> {
  const access = accessTo(query);
  const where = and(...access.conditions, ...access.filters.map(compileFilter));
  const sorted = scalarField(query.sort).expression;
  const keys =
    query.sort === "_id"
      ? [access.id]
      : query.sort === "createdAt"
        ? [access.createdAt, access.id]
        : [sorted, access.createdAt, access.id];
  const direction = query.order === "asc" ? asc : desc;
  const order = sql.join(keys.map(direction), sql.raw(", "));
  const follows = query.position && after(keys, query.order, query.position);
  const end = { follows, order, most: query.offset + query.limit + 1 };
  const page = db
    .select({ ...groupFields, sortKey: sql<string | number | null>`${sorted}`.as("sort_key") })
    .from(access.stretches ? sql`${jobGroup}` : access.from)
    .where(access.stretches ? firstOfEach(access, access.stretches, end) : and(where, follows))
    .orderBy(order)
    .limit(query.limit + 1)
    .offset(query.offset);
  const [found, [counted]] = await db.batch([page, matches(db, query, access, where)]);
  const groups = found.slice(0, query.limit).map(({ sortKey: _sortKey, ...group }) => group);
  const last = found.length > query.limit ? found[query.limit - 1] : undefined;
  const ends = last && [last.sortKey, last.createdAt, last.id].slice(-keys.length);
  return { groups, total: counted?.total ?? 0, position: ends ?? null };
}

const COUNTED = new Set([scalarField("status"), scalarField("priority")]);

/** What is kept per status and priority stands in for the groups where a filter asks for nothing else. */
function matches(db: Db, query: ListQuery, access: Access, where: SQL | undefined) {
  const { filter, workspace, search } = query;
  const others = filter ? fieldsOf(filter).filter((field) => !COUNTED.has(field)) : [];
  if (search !== undefined || others.length > 0) {
    const from = where === undefined ? (access.alone ?? access.from) : access.from;
    return db
      .select({ total: sql<number>`count(*)`.as("total") })
      .from(from)
      .where(where);
  }
  return db
    .select({ total: sql<number>`coalesce(sum(groups), 0)`.as("total") })
    .from(sql`${jobGroupCount} AS ${jobGroup}`)
    .where(and(eq(jobGroup.workspace, workspace), filter && compileFilter(filter)));
}

interface End {
  readonly follows: SQL | undefined;
  readonly order: SQL;
  readonly most: number;
}

/** As many groups of each stretch as the page can need: each lies in the order asked for. */
function firstOfEach(access: Access, each: NonNullable<Access["stretches"]>, end: End) {
  const rest = access.filters.filter((part) => part !== each).map(compileFilter);
  const heads = [...new Set(each.values)].map((value) => {
    const within = [...access.conditions, sql`${each.field.expression} = ${value}`, ...rest];
    return sql`SELECT rowid FROM (SELECT ${jobGroup.rowid} FROM ${access.from}
      WHERE ${and(...within, end.follows)} ORDER BY ${end.order} LIMIT ${end.most})`;
  });
  return sql`${jobGroup.rowid} IN (${sql.join(heads, sql.raw(" UNION ALL "))})`;
}
