import { type Column, getTableColumns } from "drizzle-orm";
import type { CommittedGroup, Group } from "../../domain/group.ts";
import { deletesAt } from "../../domain/retention.ts";
import { placeInLine } from "../read/claimable.ts";
import { searchTextOf } from "../read/list/search.ts";
import { jobGroup } from "../schema.ts";

const COLUMNS: Readonly<Record<string, Column>> = getTableColumns(jobGroup);

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

export function columnOf(key: string): Column {
  const column = COLUMNS[key];
  if (column === undefined) throw new Error(`job_group has no column for ${key}`);
  return column;
}

/** The value as D1 takes it. */
export const encoded = (column: Column, value: unknown): unknown =>
  value === null ? null : column.mapToDriverValue(value);
