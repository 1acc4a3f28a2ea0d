import { and, type SQL, sql } from "drizzle-orm";
import type { LIMITS } from "../../../domain/limits.ts";
import { jobGroup } from "../../schema.ts";
import type { AccessPath } from "./access-path.ts";
import { compileFilter, fieldsOf, type Filter } from "./compile-filter.ts";
import { searchCondition } from "./search.ts";

/** The work that one statement of a list may cause. */
export type ListBounds = { readonly [Bound in keyof typeof LIMITS.list]: number };

/** The groups that a statement may come upon. An entry of an index costs a tenth of a row. */
export const mostSeen = ({ isCovered }: AccessPath, { examined, passed }: ListBounds): number =>
  isCovered ? passed : examined;

/** A number in the text of a statement. SQLite would prepare the statement again for a `LIMIT` that is bound. */
export const inText = (number: number): SQL => sql.raw(String(Math.trunc(number)));

/** The first groups that the source yields, with the column that is checked if the index holds it. */
export const candidates = (path: AccessPath, limit: number, follows?: SQL, order?: SQL): SQL =>
  sql`SELECT ${path.at} AS at ${path.isCovered ? sql`, ${jobGroup.priority} AS priority` : sql``} FROM ${path.source} ${where(...path.conditions, follows)}
    ${order && sql`ORDER BY ${order}`} LIMIT ${inText(limit)}`;

/** A `WHERE`, or nothing when there is no condition. */
export function where(...conditions: readonly (SQL | undefined)[]): SQL | undefined {
  const all = and(...conditions);
  return all && sql`WHERE ${all}`;
}

/** A parse costs as much as so many bytes more. */
const PARSE_BYTES = 100;
/** A search goes through a text more slowly than a parser of JSON. */
const SEARCH_WEIGHT = 3;

/** The bytes of a group that the rest of the filter goes through, or `undefined` when its columns are short. */
function bytesChecked({ filters, search }: AccessPath): SQL | undefined {
  const parsed = filters.flatMap(fieldsOf).flatMap(({ parses }) => parses ?? []);
  const bytes = [...Map.groupBy(parsed, (column) => column)].map(
    ([column, { length }]) => sql`(octet_length(${column}) + ${PARSE_BYTES}) * ${length}`,
  );
  if (search !== undefined)
    bytes.push(sql`octet_length(${jobGroup.searchText}) * ${SEARCH_WEIGHT}`);
  return bytes.length === 0 ? undefined : sql.join(bytes, sql.raw(" + "));
}

/** The groups of `seen`, with the bytes of those up to each, when the check goes through long texts. */
export function metered(path: AccessPath, seen: SQL): SQL {
  const bytes = bytesChecked(path);
  if (bytes === undefined) return seen;
  return sql`SELECT at, sum(${bytes}) OVER (ROWS UNBOUNDED PRECEDING) AS bytes
    FROM (${seen}) AS met CROSS JOIN ${jobGroup} ON ${path.key} = met.at`;
}

/** The condition on groups of `metered`, which stand under the name `seen`. Past the bytes nothing is looked at. */
export const checks = (path: AccessPath, { bytes }: ListBounds): SQL | undefined =>
  and(
    bytesChecked(path) && sql`seen.bytes <= ${bytes}`,
    ...path.filters.map((filter) => compileFilter(path.isCovered ? ofSeen(filter) : filter)),
    path.search === undefined ? undefined : searchCondition(path.search),
  );

const ofSeen = (filter: Filter): Filter =>
  "field" in filter
    ? { ...filter, field: { ...filter.field, expression: sql`seen.priority` } }
    : filter;

/** The bytes gone through up to a group of `metered`. */
export const bytesTo = (path: AccessPath): SQL =>
  bytesChecked(path) === undefined ? sql.raw("0") : sql.raw("seen.bytes");

/** The part of the source that was looked at, for a select from `metered`. */
export const reach = (path: AccessPath): SQL =>
  sql`count(*) AS seen, coalesce(max(${bytesTo(path)}), 0) AS bytes`;

export interface Reach {
  readonly seen: number;
  readonly bytes: number;
}

/** `true` when the source yielded no group that was not checked. Ask it for one more than it may yield. */
export const isWhole = ({ seen, bytes }: Reach, path: AccessPath, bounds: ListBounds): boolean =>
  seen <= mostSeen(path, bounds) && bytes <= bounds.bytes;

/** Groups of `seen` beside their rows. */
export const besideRows = (path: AccessPath, seen: SQL): SQL =>
  sql`${seen} CROSS JOIN ${jobGroup} ON ${path.key} = seen.at`;
