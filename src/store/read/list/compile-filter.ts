import { and, Column, is, or, type SQL, sql } from "drizzle-orm";
import type { Field } from "./fields.ts";

type Stored = string | number;

/** A parsed filter. Its values have their stored form. An empty `$and` is true, an empty `$or` false. */
export type Filter =
  | { readonly operator: "$and" | "$or"; readonly filters: readonly Filter[] }
  | {
      readonly operator: "$in" | "$nin";
      readonly field: Field;
      readonly values: readonly Stored[];
    }
  | {
      readonly operator: "$gt" | "$gte" | "$lt" | "$lte";
      readonly field: Field;
      readonly value: Stored;
    }
  | { readonly operator: "$exists"; readonly field: Field; readonly exists: boolean };

export type InFilter = Extract<Filter, { values: unknown }>;
/** A comparison by order. */
export type Bound = Extract<Filter, { value: unknown }>;

/** A field without a value is NULL, and only `$nin` and `$exists: false` match it. */
export function compileFilter(filter: Filter): SQL {
  switch (filter.operator) {
    case "$and":
      return and(...filter.filters.map(compileFilter)) ?? sql`TRUE`;
    case "$or":
      return or(...filter.filters.map(compileFilter)) ?? sql`FALSE`;
    case "$in":
      return isAmong(filter.field, filter.values);
    case "$nin":
      return sql`(${isAmong(filter.field, filter.values)}) IS NOT TRUE`;
    case "$exists":
      return filter.exists ? isSet(filter.field) : sql`NOT ${isSet(filter.field)}`;
    case "$gt":
      return sql`${filter.field.expression} > ${filter.value}`;
    case "$gte":
      return sql`${filter.field.expression} >= ${filter.value}`;
    case "$lt":
      return sql`${filter.field.expression} < ${filter.value}`;
    case "$lte":
      return sql`${filter.field.expression} <= ${filter.value}`;
  }
}

/** Splits a filter into conditions that must all hold. */
export function conjuncts(filter: Filter): Filter[] {
  const joined = filter.operator === "$and" || filter.operator === "$or" ? filter.filters : [];
  if (filter.operator === "$and" || joined.length === 1) return joined.flatMap(conjuncts);
  return [filter];
}

export function fieldsOf(filter: Filter): Field[] {
  return "field" in filter ? [filter.field] : filter.filters.flatMap(fieldsOf);
}

/**
 * A value that a column is equal to. SQLite would prepare the statement again at each run for a bare parameter, when the
 * column begins an index that is in the order of the list.
 */
export const fixed = (value: Stored): SQL => sql`(SELECT ${value})`;

function isAmong({ type, expression }: Field, values: readonly Stored[]): SQL {
  const list = sql`(${sql.join(
    values.map((value) => sql`${value}`),
    sql`, `,
  )})`;
  const [value] = values;
  if (type !== "strings" && value !== undefined && values.length === 1) {
    return sql`${expression} = ${is(expression, Column) ? fixed(value) : value}`;
  }
  if (type !== "strings") return sql`${expression} IN ${list}`;
  return sql`EXISTS (SELECT 1 FROM json_each(${expression}) WHERE value IN ${list})`;
}

const isSet = ({ type, expression }: Field): SQL =>
  type === "strings"
    ? sql`(json_array_length(${expression}) > 0)`
    : sql`(${expression} IS NOT NULL)`;
