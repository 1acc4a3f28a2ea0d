import { type Column, getTableColumns } from "drizzle-orm";
import type { CommittedGroup, Group } from "../../domain/group.ts";
import { deletesAt } from "../../domain/retention.ts";
import { placeInLine } from "../read/claimable.ts";
import { searchTextOf } from "../read/list/search.ts";
import { jobGroup } from "../schema.ts";

/** A column for statements that are put together by hand. Drizzle would look up its name and its encoder for every value. */
interface StoredColumn {
  readonly name: string;
  /** The value of a new row for which none is given. Nothing equals a default that is SQL. */
  readonly byDefault: unknown;
  /** The value as D1 takes it. */
  readonly encode: (value: unknown) => unknown;
}

const stored = (column: Column): StoredColumn => ({
  name: `"${column.name}"`,
  byDefault: column.default === undefined ? null : column.default,
  encode: (value) => (value === null ? null : column.mapToDriverValue(value)),
});

const COLUMNS = new Map(
  Object.entries(getTableColumns(jobGroup)).map(([key, column]) => [key, stored(column)]),
);

/** The columns that are computed from a group, to find it by. */
export const derived = (group: Group) => ({
  searchText: searchTextOf(group),
  deletesAt: deletesAt(group),
  ...placeInLine(group),
});

/** All that a commit writes of a group, by the keys of the schema. */
export const storedValues = (group: CommittedGroup): Readonly<Record<string, unknown>> => ({
  ...group,
  ...derived(group),
});

export function columnOf(key: string): StoredColumn {
  const column = COLUMNS.get(key);
  if (column === undefined) throw new Error(`job_group has no column for ${key}`);
  return column;
}
